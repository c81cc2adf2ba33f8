#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs all tests on what is built in a folder: tests/run.sh BUILD [PYTEST
# ARGUMENTS]. Unit tests first; of those that pass, the closing lines are shown.
set -eu
cd "$(dirname "$0")/.."
build=$1
shift

main()
{
	reports=$(mktemp -d)
	trap 'rm -rf "$reports"' EXIT
	trap 'exit 130' INT TERM
	# A sanitizer's report of any process counts, also of one whose exit
	# status nobody looks at.
	export ASAN_OPTIONS="log_path=$reports/report:exitcode=99"
	export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"
	export UBSAN_OPTIONS="log_path=$reports/report:print_stacktrace=1"
	status=0
	unit_tests || status=1
	"$build/tests/simulate" 5000 || status=1
	program_tests "$@" || status=1
	no_reports || status=1
	return $status
}

unit_tests()
{
	failed=0
	found=0
	for source in tests/unit/test-*.c; do
		[ -f "$source" ] || continue
		name=$(basename "$source" .c)
		found=$((found + 1))
		echo "== $name"
		if "$build/tests/$name" >"$reports/unit" 2>&1 &&
		    ! grep -q 'SKIPPED' "$reports/unit"; then
			sed -n '/^\[==========\].* run\.$/,$p' "$reports/unit"
		else
			cat "$reports/unit"
			failed=$((failed + 1))
		fi
	done
	echo "== unit tests: $found programs, $failed failed"
	[ "$found" -gt 0 ] && [ "$failed" -eq 0 ]
}

program_tests()
{
	for python in /usr/bin/python3 python3 ''; do
		"$python" -c 'import pytest' 2>/dev/null && break
	done
	if [ -z "$python" ]; then
		echo "no python3 that has pytest: make deps" >&2
		return 1
	fi
	PYTHONDONTWRITEBYTECODE=1 POSTRIDER_BUILD=$build \
		"$python" -m pytest -c tests/pytest.ini "${@:-tests}" </dev/null
}

no_reports()
{
	# LeakSanitizer says so of a thread that is just ending.
	notice='^==[0-9]*==Running thread [0-9]* was not suspended'
	found=$(grep -lv "$notice" "$reports"/report* 2>/dev/null) || return 0
	cat "$reports"/report*
	echo "== sanitizer reports: $(echo "$found" | wc -l)"
	return 1
}

main "$@"
