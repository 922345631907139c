#!/bin/sh
# Installs what it takes to build and test crease on Debian and its relatives.
#
#   install-deps.sh            build and test
#   install-deps.sh --dev      the same, and what the sanitizers, the linters and the pictures need
#   install-deps.sh --verified the same, and what the proofs of verified/ need
#   install-deps.sh --check    installs nothing; exit 0 if all is there, 1 if not
#
# Works offline when nothing is missing.  Never asks a question.
set -u

packages="build-essential pkg-config libglpk-dev libgmp-dev libjansson-dev nettle-dev libzstd-dev zlib1g-dev liblzma-dev libprotobuf-c-dev protobuf-c-compiler libonnx-dev libcairo2-dev check python3 zstd"
# OpenMP for clang; its sanitizer runtimes are a package of their own from Debian 12 on.
dev_packages="clang clang-format libomp-dev cppcheck shellcheck mypy gnuplot-nox openmpi-bin libopenmpi-dev libc6-dev-arm64-cross"
dev_optional="libclang-rt-dev"
verified_packages="coq ocaml-nox ocaml-findlib libzarith-ocaml-dev"

usage() {
    echo "usage: install-deps.sh [--dev] [--verified] [--check]"
}

dev=no
verified=no
check_only=no
for argument in "$@"; do
    case $argument in
    --dev) dev=yes ;;
    --verified) verified=yes ;;
    --check) check_only=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
done

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

has() {
    command -v "$1" >/dev/null 2>&1
}

# builds HEADER CALL FLAGS...: does a program that makes CALL compile and link?
builds() {
    header=$1
    call=$2
    shift 2
    printf '#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n' >"$scratch/try.c"
    printf '#include <%s>\nint main(void) { %s; return 0; }\n' "$header" "$call" >>"$scratch/try.c"
    # CC may carry options.
    # shellcheck disable=SC2086
    ${CC:-cc} -o "$scratch/try" "$scratch/try.c" "$@" >/dev/null 2>&1
}

# module NAME HEADER CALL: the same with the flags of a pkg-config module
module() {
    pkg-config --exists "$1" 2>/dev/null || return 1
    # shellcheck disable=SC2046
    builds "$2" "$3" $(pkg-config --cflags --libs "$1")
}

build_ready() {
    has make && has pkg-config &&
        builds omp.h 'omp_get_max_threads()' -fopenmp &&
        builds glpk.h 'glp_version()' -lglpk &&
        module jansson jansson.h 'json_decref(json_null())' &&
        module nettle nettle/sha2.h 'struct sha256_ctx c; sha256_init(&c)' &&
        module gmp gmp.h 'mpz_t z; mpz_init(z)' &&
        module libzstd zstd.h 'ZSTD_versionNumber()' &&
        module zlib zlib.h 'zlibVersion()' &&
        module liblzma lzma.h 'lzma_version_number()' &&
        module libprotobuf-c protobuf-c/protobuf-c.h 'protobuf_c_version()' && has protoc-c &&
        [ -f /usr/include/onnx/onnx.proto ] &&
        module cairo cairo.h 'cairo_version()' &&
        module check check.h 'suite_create("s")' && has python3 && has zstd
}

dev_ready() {
    has clang && has clang-format && has cppcheck && has shellcheck && has mypy && has gnuplot && has mpicc && has mpirun &&
        [ -d /usr/aarch64-linux-gnu/include ] &&
        CC=clang builds omp.h 'omp_get_max_threads()' -fopenmp &&
        CC=clang builds stdlib.h 'free(NULL)' -fsanitize=address,undefined
}

verified_ready() {
    has coqc && has ocamlfind && ocamlfind query zarith >/dev/null 2>&1
}

ready() {
    build_ready || return 1
    [ "$dev" = no ] || dev_ready || return 1
    [ "$verified" = no ] || verified_ready
}

if ready; then
    exit 0
elif [ "$check_only" = yes ]; then
    exit 1
fi

lists_present() {
    for list in /var/lib/apt/lists/*_Packages*; do
        [ -e "$list" ] && return 0
    done
    return 1
}

known() {
    [ -n "$(apt-cache --names-only search "^$1\$" 2>/dev/null)" ]
}

by_hand() {
    echo "install-deps.sh: $1; run as root:" >&2
    echo "  apt-get update && apt-get install -y $packages" >&2
    exit 1
}

[ "$dev" = no ] || packages="$packages $dev_packages"
[ "$verified" = no ] || packages="$packages $verified_packages"

has apt-get || by_hand "no apt-get here"

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif has sudo && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    by_hand "not root, and sudo is missing or would ask for a password"
fi

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@" </dev/null
}

fresh=no
if ! lists_present; then
    apt update || exit 1
    fresh=yes
fi

if [ "$dev" = yes ]; then
    for package in $dev_optional; do
        ! known "$package" || packages="$packages $package"
    done
fi

# shellcheck disable=SC2086
if ! apt install -y --no-install-recommends $packages; then
    # Old lists name versions that the mirrors have dropped.
    [ "$fresh" = no ] || exit 1
    apt update || exit 1
    # shellcheck disable=SC2086
    apt install -y --no-install-recommends $packages || exit 1
fi

if ! ready; then
    echo "install-deps.sh: the packages are installed, but a test program still fails to build" >&2
    exit 1
fi
