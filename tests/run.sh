#!/bin/sh
# Runs every test; BUILD is the build directory, MODE its kind.
set -u
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
export CREASE="$build/crease" CREASE_CHECK="$build/crease-check" CREASE_TESTS_DIR=tests
# Many tiny counts with more threads than processors: waiting threads must not spin.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
if [ -n "${CREASE_LONG:-}" ]; then export MUTANTS="${MUTANTS:-300}"; fi
[ -n "${CREASE_LONG:-}" ] || export CREASE_NEAR_NETS="${CREASE_NEAR_NETS:-300}"
failed=0
run() {
    printf '== %s\n' "$*"
    "$@" || { printf 'FAILED: %s\n' "$*"; failed=$((failed + 1)); }
}
for test in "$build"/tests/test_*; do
    case $test in *.*) continue ;; esac
    run "$test"
done
run "$build/tests/fuzz_json" data/*.json
run tests/test_cli.sh
run tests/test_bound_cli.sh
run tests/test_make.sh
export BUILD="$build"
run tests/cert/test_cert.sh
run tests/test_certify.sh
run python3 tests/sweep.py "$CREASE" "$CREASE_CHECK"
if [ "${MODE:-release}" = release ]; then
    run tests/check_rooms.sh
    run tests/test_install.sh
fi
if [ "$failed" -ne 0 ]; then
    printf '%d test programs failed\n' "$failed"
    exit 1
fi
printf 'all test programs passed\n'
