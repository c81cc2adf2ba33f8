#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs each fuzz target for some seconds: tests/fuzz/run-targets.sh BUILD SECONDS
# [TARGET...]. It starts from the inputs in tests/fuzz/corpus and those that
# earlier runs found, in BUILD/corpus, and prints the number of runs, the edges
# (cov) and features (ft) that all inputs reach. An input that ends a target is
# kept in BUILD/findings.
set -eu
cd "$(dirname "$0")/../.."
build=$1
seconds=$2
shift 2

main()
{
	mkdir -p "$build/findings"
	# Its certificates expire after a day.
	FUZZ_CHAINS=$build/chains
	export FUZZ_CHAINS
	python3 tests/fuzz/chains.py "$FUZZ_CHAINS"
	[ $# -gt 0 ] || set -- "$build"/tests/fuzz-*
	failed=0
	printf '%-16s %12s %8s %8s\n' target runs cov ft
	for target; do
		case $target in
		*.o|*.d) ;;
		*) run "${target#"$build/tests/fuzz-"}" || failed=1 ;;
		esac
	done
	return $failed
}

run()
{
	name=$1
	log=$build/findings/$name.log
	mkdir -p "$build/corpus/$name"
	status=0
	set -- "$build/corpus/$name"
	[ ! -d "tests/fuzz/corpus/$name" ] ||
		set -- "$@" "tests/fuzz/corpus/$name"
	[ "$name" != verify ] || set -- "$@" "$FUZZ_CHAINS/seeds"
	"$build/tests/fuzz-$name" -max_total_time="$seconds" -rss_limit_mb=2048 \
		-timeout=30 -print_final_stats=1 \
		-artifact_prefix="$build/findings/$name-" "$@" \
		>"$log" 2>&1 || status=$?
	report "$name" "$log"
	[ "$status" -eq 0 ] && return
	sed -n '/ERROR\|SUMMARY\|runtime error\|Test unit written/p' "$log"
	return 1
}

report()
{
	awk -v name="$1" '
		/cov: / {
			for (i = 1; i < NF; i++) {
				if ($i == "cov:") cov = $(i + 1)
				if ($i == "ft:") ft = $(i + 1)
			}
			runs = substr($1, 2)
		}
		/number_of_executed_units/ { runs = $2 }
		END { printf "%-16s %12s %8s %8s\n", name, runs, cov, ft }' "$2"
}

main "$@"
