#!/bin/sh
# Builds crease without the libraries that single readers need: it must say what is left out, read
# all other formats, and say of the missing one how to get it.
set -u
cd "$(dirname "$0")/.." || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

die() {
    echo "test_absent: $*" >&2
    exit 1
}

# The mode and flags of an outer make do not belong here.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MODE BUILD
crease=$dir/build/crease
make -s -j2 --no-print-directory MODE=debug CFLAGS=-O0 BUILD="$dir/build" ZLIB= "$crease" >"$dir/out" 2>&1 ||
    die "does not build: $(tail -n 5 "$dir/out")"
grep -q 'without .npz' "$dir/out" || die "make does not say what is left out"
[ "$("$crease" count --quiet data/max-min-2d.json)" = 5 ] || die "does not count 5"
printf 'PK\005\006' >"$dir/some"
"$crease" info "$dir/some" >"$dir/out" 2>"$dir/err"
code=$?
[ "$code" -eq 2 ] || die "exit code $code for .npz"
[ ! -s "$dir/out" ] || die "output for .npz"
grep -q 'zlib1g-dev' "$dir/err" || die "no way to .npz: $(cat "$dir/err")"
echo "test_absent: passed"
