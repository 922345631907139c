#!/bin/sh
# Builds crease without the libraries that single readers need: it must say what is left out, read
# all other formats, and say how to get the missing one.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/shell.sh

# The mode and flags of an outer make do not belong here.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MODE BUILD
crease=$dir/build/crease
# What is built already is as it would be without them.
mkdir "$dir/build"
[ ! -d build/obj ] || cp -Rp build/obj "$dir/build/obj"
make -s -j2 --no-print-directory BUILD="$dir/build" ZLIB= LZMA= PROTOBUF= CAIRO= "$crease" >"$dir/out" 2>&1 ||
    die "does not build: $(tail -n 5 "$dir/out")"
for format in .npz .onnx xz pictures; do
    grep -q "without $format" "$dir/out" || die "make does not say that $format is left out"
done
[ "$("$crease" count --quiet data/max-min-2d.json)" = 5 ] || die "does not count 5"
printf 'PK\005\006' >"$dir/some"
refuses_in_a_line info "$dir/some"
says 'zlib1g-dev' err
printf '\3757zXZ\0' >"$dir/some.xz"
refuses_in_a_line info "$dir/some.xz"
says 'liblzma-dev' err
refuses_in_a_line plot -o "$dir/out.svg" data/max-min-2d.json
says 'libcairo2-dev' err
refuses_in_a_line info tests/onnx/data/cnn.onnx
says 'protobuf-c-compiler libonnx-dev' err
finish
