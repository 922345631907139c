#!/bin/sh
# Compiles src/ for 64-bit ARM, syntax and warnings only. Needs clang and the headers of that
# machine's libc (libc6-dev-arm64-cross); the other libraries have the same headers as here.
set -eu
cd "$(dirname "$0")/.."
make -s --no-print-directory all
[ -d /usr/aarch64-linux-gnu/include ] || { echo "check-aarch64.sh: install libc6-dev-arm64-cross" >&2; exit 1; }
cairo=$(pkg-config --variable=includedir cairo 2>/dev/null || echo /usr/include)/cairo
for file in src/*/*.c; do
    case $file in src/mpi/* | *absent.c) continue ;; esac
    echo "$file"
done | xargs clang --target=aarch64-linux-gnu -fsyntax-only -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic \
    -Wshadow -Werror -fopenmp -ffp-contract=off -Iinclude -Isrc -Ibuild/generated \
    -isystem /usr/aarch64-linux-gnu/include -idirafter /usr/include \
    -idirafter "/usr/include/$(uname -m)-linux-gnu" -idirafter "$cairo"
