#!/bin/sh
# Runs every test, or with SUITE=memory those whose point is what sanitizers see, or with SUITE=shadow or small a
# sample of the numerical ones, JOBS at a time (default: one per processor); BUILD is the build
# directory, MODE its kind.  Says how each one ended, with the output of those that failed.
#
#   run.sh                    every test
#   run.sh RESULTS COMMAND    one of them; its verdict is added to the directory RESULTS
set -u
if [ $# -gt 0 ]; then
    results=$1
    shift
    output=$(mktemp) || exit 1
    start=$(date +%s)
    "$@" >"$output" 2>&1
    code=$?
    seconds=$(($(date +%s) - start))
    name=${1##*/}
    case $1 in python3) name=${2##*/} ;; esac
    # What a test could not do here, in its own words.
    sed -n "s/^not run: /$name: /p" "$output" >>"$results/not_run"
    [ $code -eq 0 ] && verdict=ok || verdict=FAILED
    until mkdir "$results/lock" 2>/dev/null; do sleep 0.01; done
    echo "$verdict $*" >>"$results/ended"
    printf '[%d/%d] %s %d s %s\n' "$(wc -l <"$results/ended")" "$(wc -l <"$results/list")" "$verdict" $seconds "$name"
    [ $code -eq 0 ] || sed 's/^/    /' "$output"
    rmdir "$results/lock"
    rm -f "$output"
    exit 0
fi
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
export CREASE="$build/crease" CREASE_CHECK="$build/crease-check" CREASE_TESTS_DIR=tests
# A python3 that only looks for the real one would take longer than most scripts.
python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null) && PATH=$(dirname "$python"):$PATH
export PATH
# Many tiny counts with more threads than processors: waiting threads must not spin.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
if [ -n "${CREASE_LONG:-}" ]; then
    export MUTANTS="${MUTANTS:-300}"
elif [ "${SUITE:-all}" = shadow ] || [ "${SUITE:-all}" = small ]; then
    export CREASE_NEAR_NETS="${CREASE_NEAR_NETS:-30}" CREASE_RANDOM_NETS="${CREASE_RANDOM_NETS:-20}"
    export CREASE_MIXED_NETS="${CREASE_MIXED_NETS:-20}" CREASE_CLASSES_NETS="${CREASE_CLASSES_NETS:-20}"
    export CREASE_CERTIFY_EVERY="${CREASE_CERTIFY_EVERY:-2}"
else
    export CREASE_NEAR_NETS="${CREASE_NEAR_NETS:-300}" CREASE_RANDOM_NETS="${CREASE_RANDOM_NETS:-150}"
    export CREASE_MIXED_NETS="${CREASE_MIXED_NETS:-200}" CREASE_BOUND_NETS="${CREASE_BOUND_NETS:-200}"
    export CREASE_SEARCH_NETS="${CREASE_SEARCH_NETS:-60}" CREASE_SEARCH_STEPS="${CREASE_SEARCH_STEPS:-40}"
    export CREASE_REACH_MOST="${CREASE_REACH_MOST:-40}"
    export CREASE_CERTIFY_EVERY="${CREASE_CERTIFY_EVERY:-3}" GRAPHS="${GRAPHS:-100}" MUTANTS="${MUTANTS:-20}"
fi
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
trap 'exit 1' HUP INT TERM
begin=$(date +%s)
# run COMMAND: no argument may hold a space.
run() {
    echo "$@" >>"$results/list"
}
export BUILD="$build"
finish() {
    xargs -P "${JOBS:-$(nproc)}" -L 1 tests/run.sh "$results" <"$results/list"
    passed=$(grep -c '^ok ' "$results/ended")
    failed=$(($(wc -l <"$results/list") - passed))
    [ ! -s "$results/not_run" ] || { echo "Not run:" && sort "$results/not_run" | sed 's/^/    /'; }
    sed -n 's/^FAILED /FAILED: /p' "$results/ended"
    echo "$(($(date +%s) - begin)) s"
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
# The longest first.
case ${SUITE:-all} in
shadow) sample="maxout_oracle near oracle shadow definition maxout_ties" ;;
small) sample="maxout_oracle near oracle definition definition_random exact agree maxout_ties" ;;
*) sample= ;;
esac
if [ -n "$sample" ]; then
    for test in $sample; do
        run "$build/tests/test_$test"
    done
    finish
fi
[ "${SUITE:-all}" = memory ] || run tests/job/test_mpi.sh
run tests/cert/test_cert.sh
run tests/onnx/test_onnx.sh
run tests/net/test_formats.sh
run tests/cli/test_cli.sh
run "$build/tests/fuzz_json" data/*.json tests/regress/*.json
for test in "$build"/tests/test_*; do
    case $test in *.*) continue ;; esac
    # Numbers of counts alone; the code below them runs in the others as well.
    case ${SUITE:-all}-${test##*/} in
    memory-test_agree | memory-test_bound_net | memory-test_bound_reach) continue ;;
    memory-test_bound_search | memory-test_closed_forms) continue ;;
    memory-test_maxout | memory-test_maxout_same) continue ;;
    esac
    run "$test"
done
if [ "${SUITE:-all}" = all ]; then
    run tests/bound/test_bound_cli.sh
    run tests/cli/test_compare.sh
    run tests/bound/test_make.sh
    run tests/job/test_checkpoint.sh
    run tests/search/test_counts.sh
    run tests/job/test_disk.sh
    run tests/search/test_stack.sh
    run tests/job/test_jobs.sh
    run tests/cert/test_certify.sh
    run tests/domain/test_scope.sh
    run python3 tests/search/sweep.py "$CREASE" "$CREASE_CHECK"
    run python3 tests/domain/slices.py "$CREASE" "$CREASE_CHECK"
    run python3 tests/search/stops.py "$CREASE"
fi
if [ "${MODE:-release}" = release ]; then
    run python3 tests/house/test_module.py "$CREASE" "$CREASE_CHECK" "$build/libcrease.so"
    run tests/house/check_rooms.sh
    run tests/house/check_filters.sh
    run tests/house/doc.sh
    run tests/house/test_install.sh
    run tests/house/test_absent.sh
fi
finish
