#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Writes the release tarball of the current commit: dist.sh OUT VERSION.
# It contains configure, so that no autoconf is needed to build it.
set -eu
cd "$(dirname "$0")/.."
out=$1
name=postrider-$2

if ! date=$(git log -1 --format=%ct 2>/dev/null); then
	echo "dist: this is not a git clone; a release is made from one" >&2
	exit 1
fi
mkdir -p "$out"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
trap 'exit 130' INT TERM

git archive --prefix="$name/" HEAD | tar -C "$stage" -xf -
cp configure "$stage/$name/configure"
cp src/build.h.in "$stage/$name/src/build.h.in"
# make compares times: all files are equally old.
tar -C "$stage" --sort=name --mtime="@$date" --owner=0 --group=0 \
	--numeric-owner --mode=u=rwX,go=rX -cf "$stage/$name.tar" "$name"
gzip -n -9 <"$stage/$name.tar" >"$out/$name.tar.gz"
echo "$out/$name.tar.gz"
