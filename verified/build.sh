#!/bin/sh
# build.sh DIR: checks the proofs, extracts the checker and builds DIR/crease-verify; prints which
# axioms the theorems assume.  DIR/verified is for the files in between.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/verified"
cd "$1/verified"
cp "$here"/*.v "$here"/*.ml .
for file in spec affine whole lower best opens farkas flats deletion counting arrangement slice checker \
    cells crossing meeting soundness parser parts check real_spec reals extract; do
    coqc -q -Q . Verified "$file.v" >"$file.out"
done
# Of the axioms the names alone, without what they say.
echo "check_sound: $(sed '/^ /d; s/ *:.*//' check.out | xargs)"
echo "verdicts_sound: $(sed '/^ /d; s/ *:.*//' parts.out | xargs)"
echo "counted_real: $(sed '/^ /d; s/ *:.*//' reals.out | xargs)"
ocamlfind ocamlopt -package zarith,unix -linkpkg crease_verified.mli crease_verified.ml texts.ml main.ml \
    -o ../crease-verify
