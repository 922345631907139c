#!/bin/sh
# build.sh DIR: checks the proofs, extracts the checker and builds DIR/crease-verify; prints what the
# theorem assumes.  DIR/verified is for the files in between.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/verified"
cd "$1/verified"
cp "$here"/*.v "$here/main.ml" .
for file in spec affine opens farkas checker soundness parser check extract; do
    coqc -q -Q . Verified "$file.v" >"$file.out"
done
echo "check_sound: $(cat check.out)"
ocamlfind ocamlopt -package zarith,unix -linkpkg crease_verified.mli crease_verified.ml main.ml \
    -o ../crease-verify
