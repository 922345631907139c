#!/bin/sh
# Runs every test, or with SUITE=shadow or small a few of the numerical ones, JOBS at a time
# (default: one more than processors, as some wait); BUILD is the build directory, MODE its kind.  Without CREASE_LONG
# each test takes a sample of its cases, or as many as the variables below say.  Says how each one
# ended, with the output of those that failed, then what was not run and why.  LIMIT: seconds for all
# of them; what has not ended then, or takes more than twice its share, is cut off, which is no
# failure.
#
#   run.sh                    every test
#   run.sh RESULTS COMMAND    one of them; its verdict is added to the directory RESULTS
set -u
if [ $# -gt 0 ]; then
    results=$1
    shift
    output=$results/$$.output
    # For temporary files, which a test that is cut off leaves.
    scratch=$results/$$
    mkdir "$scratch" || exit 1
    start=$(date +%s)
    name=${1##*/}
    case $1 in python3 | */python3) name=${2##*/} ;; esac
    if [ -n "${TESTS_END:-}" ]; then
        deadline=$((start + TESTS_SHARE))
        [ "$deadline" -le "$TESTS_END" ] || deadline=$TESTS_END
    fi
    if [ -z "${TESTS_END:-}" ]; then
        TMPDIR=$scratch "$@" >"$output" 2>&1
        code=$?
    elif [ "$start" -ge "$deadline" ]; then
        code=124
    else
        TMPDIR=$scratch timeout -k 10 $((deadline - start)) "$@" >"$output" 2>&1
        code=$?
    fi
    end=$(date +%s)
    if [ $code -eq 0 ]; then
        verdict=ok
    elif [ -n "${TESTS_END:-}" ] && [ "$end" -ge "$deadline" ]; then
        # Whatever its code is: a test may catch the signal and call it a failure.
        verdict='cut off'
        echo "not run: not ended within LIMIT" >>"$output"
        # What it started in process groups of their own.
        grep -lszxF "TMPDIR=$scratch" /proc/[0-9]*/environ | sed 's/[^0-9]//g' | xargs -r kill -9 2>/dev/null
    else
        verdict=FAILED
    fi
    # What a test could not do here, in its own words.
    sed -n "s/^not run: /$name: /p" "$output" >>"$results/not_run"
    until mkdir "$results/lock" 2>/dev/null; do sleep 0.01; done
    echo "$verdict $*" >>"$results/ended"
    printf '[%d/%d] %s %d s %s\n' "$(wc -l <"$results/ended")" "$(wc -l <"$results/list")" "$verdict" $((end - start)) "$name"
    [ $code -eq 0 ] || sed 's/^/    /' "$output"
    rmdir "$results/lock"
    rm -rf "$output" "$scratch"
    exit 0
fi
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
export CREASE="$build/crease" CREASE_CHECK="${CREASE_CHECK:-$build/crease-check}" CREASE_TESTS_DIR=tests
# A python3 that only looks for the real one would take longer than most scripts.
python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null) && PATH=$(dirname "$python"):$PATH
export PATH
# Many tiny counts with more threads than processors: waiting threads must not spin.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
[ "${MODE:-}" != asan ] || export LSAN_OPTIONS="suppressions=$PWD/tests/support/leaks.txt:print_suppressions=0"
# How many random cases there are: a sample, or with CREASE_LONG those that the tests themselves
# name. at_most NAME NUMBER: unless it is set.
at_most() {
    eval "export $1=\"\${$1:-$2}\""
}
if [ -z "${CREASE_LONG:-}" ]; then
    # A process for each case would take longer than most cases.
    export CK_FORK="${CK_FORK:-no}"
    case ${SUITE:-all} in shadow | small) at_most CREASE_CERTIFY_EVERY 2 ;; *) at_most CREASE_CERTIFY_EVERY 20 ;; esac
    at_most CREASE_NEAR_NETS 20
    at_most CREASE_KEPT_NETS 16
    at_most CREASE_RANDOM_NETS 10
    at_most CREASE_MIXED_NETS 10
    at_most CREASE_MERGE_NETS 40
    at_most CREASE_CLASSES_NETS 10
    at_most CREASE_BOUND_NETS 20
    at_most CREASE_BOXED_NETS 24
    at_most CREASE_SUPPORT_CASES 2000
    at_most CREASE_SEARCH_NETS 10
    at_most CREASE_SEARCH_STEPS 10
    at_most CREASE_REACH_MOST 10
    at_most CREASE_FUZZ_MUTANTS 150
    at_most CREASE_MUTANTS 200
    at_most CREASE_VERDICTS 100000
    at_most CREASE_STOPS 2
    at_most GRAPHS 6
    at_most MUTANTS 3
    trees=4000
else
    at_most MUTANTS 100
    trees=1000000
fi
results=$(mktemp -d) || exit 1
# What Python compiles serves all tests, and is not left beside their sources.
export PYTHONPYCACHEPREFIX="$results/compiled"
unset PYTHONDONTWRITEBYTECODE
trap 'rm -rf "$results"' EXIT
trap 'exit 1' HUP INT TERM
begin=$(date +%s)
[ -z "${LIMIT:-}" ] || export TESTS_END=$((begin + LIMIT))
# run COMMAND: no argument may hold a space.  In a shadow build only programs in C: the others test
# stops and times, and its computations are not left early.
run() {
    case ${MODE:-}:$1 in shadow:"$build"/tests/*) ;; shadow:*) return ;; esac
    echo "$@" >>"$results/list"
}
export BUILD="$build"
finish() {
    jobs=${JOBS:-$(($(nproc) + 1))}
    if [ -n "${LIMIT:-}" ]; then
        # The short ones first; none takes more than twice its share.
        tac "$results/list" >"$results/order" && mv "$results/order" "$results/list"
        export TESTS_SHARE=$((1 + 2 * LIMIT * jobs / $(wc -l <"$results/list")))
    fi
    xargs -P "$jobs" -L 1 tests/run.sh "$results" <"$results/list"
    passed=$(grep -c '^ok ' "$results/ended")
    cut_off=$(grep -c '^cut off ' "$results/ended")
    failed=$(($(wc -l <"$results/list") - passed - cut_off))
    [ ! -s "$results/not_run" ] || { echo "Not run:" && sort "$results/not_run" | sed 's/^/    /'; }
    sed -n 's/^FAILED /FAILED: /p' "$results/ended"
    echo "$(($(date +%s) - begin)) s"
    echo "$passed passed, $failed failed$([ "$cut_off" -eq 0 ] || echo ", $cut_off cut off")"
    [ "$failed" -eq 0 ]
    exit
}
# The longest first.
case ${SUITE:-all} in
shadow) sample=shadow ;;
small) sample="maxout_oracle near oracle definition definition_random exact agree maxout_ties flats" ;;
*) sample= ;;
esac
if [ -n "$sample" ]; then
    for test in $sample; do
        run "$build/tests/test_$test"
    done
    finish
fi
run tests/job/test_mpi.sh
run tests/cert/test_cert.sh
run tests/job/test_jobs.sh
run tests/cert/test_certify.sh
run tests/cert/test_verified.sh
run tests/onnx/test_onnx.sh
run tests/net/test_formats.sh
run python3 tests/search/stops.py "$CREASE"
run python3 tests/cert/threads.py "$CREASE" "$CREASE_CHECK"
run tests/job/test_checkpoint.sh
run tests/cli/test_cli.sh
run tests/job/test_disk.sh
for test in "$build"/tests/test_*; do
    case $test in *.*) continue ;; esac
    run "$test"
done
run "$build/tests/fuzz_json" data/*.json tests/regress/*.json
run "$build/tests/exhaust" $trees
run tests/bound/test_bound_cli.sh
run tests/bound/test_make.sh
run tests/cli/test_compare.sh
run tests/cli/test_estimate.sh
run tests/cli/test_json.sh
run tests/cli/test_mistakes.sh
run tests/cli/test_overwrite.sh
run tests/cli/test_sample.sh
run tests/search/test_counts.sh
run tests/search/test_stack.sh
run tests/domain/test_scope.sh
run python3 tests/search/sweep.py "$CREASE" "$CREASE_CHECK"
run python3 tests/domain/slices.py "$CREASE" "$CREASE_CHECK"
run python3 tests/domain/wide.py
run python3 tests/regions/files.py "$CREASE"
run python3 tests/regions/kept.py "$CREASE"
run python3 tests/regions/around.py "$CREASE"
run python3 tests/regions/along.py "$CREASE"
run python3 tests/regions/boundary.py "$CREASE"
run python3 tests/draw/pictures.py "$CREASE"
run python3 tests/draw/solids.py "$CREASE"
run python3 tests/draw/charts.py "$CREASE"
if [ "${MODE:-release}" = release ]; then
    run python3 tests/house/test_module.py "$CREASE" "$CREASE_CHECK" "$build/libcrease.so"
    # With NumPy where there is one that has it.
    for python in python3 /usr/bin/python3 python3; do
        "$python" -c 'import numpy' 2>/dev/null && break
    done
    run "$python" tests/regions/module.py "$CREASE" "$build/libcrease.so"
    run "$python" tests/experiments/results.py "$CREASE" "$CREASE_CHECK"
    run "$python" tests/draw/module.py "$CREASE" "$build/libcrease.so"
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("torch"))' 2>/dev/null || continue
        run "$python" tests/house/test_module_torch.py "$build/libcrease.so"
        break
    done
    run tests/house/check_rooms.sh
    run tests/house/check_circles.sh
    run tests/house/check_filters.sh
    run tests/house/doc.sh
    run tests/house/test_install.sh
    run tests/house/test_absent.sh
fi
finish
