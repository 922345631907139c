#!/bin/sh
# Counts and certificates with several threads under ThreadSanitizer; any report of it is a failure.
#
# Builds with make MODE=tsan, which needs clang, its OpenMP runtime and its sanitizer runtime
# (scripts/install-deps.sh --dev).  CLANG names a clang to use; BUILD names a build already made.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/support/shell.sh

# The first clang there is; some systems have it only under a name with its version.
find_clang() {
    for name in clang clang-22 clang-21 clang-20 clang-19 clang-18 clang-17 clang-16 clang-15 \
        clang-14 clang-13; do
        if command -v "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    return 1
}

# Archer tells ThreadSanitizer which accesses OpenMP orders; it lies beside the runtime.
find_archer() {
    runtime=$(ldd "$1" | sed -n 's/.*libomp[^ ]* => \([^ ]*\).*/\1/p' | head -n 1)
    [ -n "$runtime" ] || die "$1 does not use the OpenMP runtime of clang"
    for file in "$(dirname "$(readlink -f "$runtime")")/libarcher.so" \
        /usr/lib/llvm-*/lib/libarcher.so /usr/lib/*/libarcher.so /usr/lib64/libarcher.so; do
        if [ -e "$file" ]; then
            echo "$file"
            return
        fi
    done
    die "no libarcher.so beside $runtime"
}

# run WANT ARGS...: runs a program; no report and the wanted exit code, or it is a failure.
run() {
    want=$1
    shift
    ok
    # ThreadSanitizer needs its addresses free; too much randomization takes them.
    # shellcheck disable=SC2086 # empty or several words
    $launch "$@" >"$dir/out" 2>"$dir/err" </dev/null
    code=$?
    if grep -q ThreadSanitizer "$dir/err" || [ "$code" -ne "$want" ]; then
        fail "$*: exit code $code, expected $want"
        sed -n '1,60s/^/    /p' "$dir/err" >&2
        return 1
    fi
}

# counts REGIONS ARGS...: the count is complete and is REGIONS.
counts() {
    regions=$1
    shift
    run 0 "$crease" count --quiet "$@" || return
    [ "$(cat "$dir/out")" = "$regions" ] || fail "count $*: $(cat "$dir/out"), expected $regions"
}

# A program with a race that must be reported, and one without that must not be.
probe() {
    cat >"$dir/probe.c" <<'C'
#include <stdio.h>
int main(int argc, char **argv)
{
    (void)argv;
    static int sum, part[64];
#pragma omp parallel for num_threads(4) schedule(static, 1)
    for (int i = 0; i < 64; i++) {
        part[i] = i;
        if (argc > 1)
            sum += i;
#pragma omp critical
        if (argc == 1)
            sum += i;
    }
    for (int i = 0; i < 64; i++)
        sum += part[i];
    printf("%d\n", sum);
    return 0;
}
C
    "$clang" -O1 -g -fsanitize=thread -fopenmp "$dir/probe.c" -o "$dir/probe" ||
        die "$clang cannot build with -fsanitize=thread -fopenmp"
    if ! "$dir/probe" >/dev/null 2>&1; then
        launch="setarch $(uname -m) -R"
    fi
    run 0 "$dir/probe" || die "a program without a race does not pass"
    # shellcheck disable=SC2086 # empty or several words
    if $launch "$dir/probe" race >"$dir/out" 2>"$dir/err"; then
        die "a race is not reported"
    fi
    grep -q 'ThreadSanitizer: data race' "$dir/err" || die "a race is not reported as one"
}

clang=${CLANG:-$(find_clang)} || die "no clang"
if [ -z "${BUILD:-}" ]; then
    BUILD=build-tsan
    make -s -j"$(nproc)" --no-print-directory MODE=tsan CC="$clang" all tests || die "the build fails"
fi
crease=$BUILD/crease
archer=$(find_archer "$crease") || exit 1
launch=
export OMP_TOOL=enabled OMP_TOOL_LIBRARIES="$archer" OMP_WAIT_POLICY=passive
export TSAN_OPTIONS="ignore_noninstrumented_modules=1 halt_on_error=1 ${TSAN_OPTIONS:-}"
probe

# More regions than any limit below: 30 units in general position on R^8.
awk 'BEGIN {
    s = 4711
    printf "{\"input\": 8, \"layers\": [{\"weight\": ["
    for (i = 0; i < 240; i++) {
        s = s * 16807 % 2147483647
        printf "%s%d", i % 8 ? "," : i ? "],[" : "[", s % 2001 - 1000
    }
    printf "]], \"bias\": ["
    for (i = 0; i < 30; i++) {
        s = s * 16807 % 2147483647
        printf "%s%d", i ? "," : "", s % 2001 - 1000
    }
    printf "], \"activation\": \"relu\"}, {\"weight\": [[1"
    for (i = 1; i < 30; i++)
        printf ",1"
    print "]], \"bias\": [0], \"activation\": \"linear\"}]}"
}' >"$dir/big.json"

for kind in walk "split --cell lp" "split --cell rays"; do
    for lp in glpk dense; do
        for threads in 2 4; do
            # shellcheck disable=SC2086 # several words
            set -- --engine $kind --lp $lp --threads $threads
            counts 5 "$@" data/max-min-2d.json
            counts 24 "$@" data/braid-4.json
            counts 176 "$@" --box 0:1 data/fold-2d-4-4-4.json
            counts 648 "$@" data/moons-2-16-16-2.json
            run 0 "$crease" certify "$@" -o "$dir/cert.zst" data/moons-2-16-16-2.json
            run 3 "$crease" count "$@" --limit-regions 2000 data/iris-4-16-16-3.json
            # The limit is met while the file is read: the timer ends the process whatever runs.
            TSAN_OPTIONS="$TSAN_OPTIONS report_thread_leaks=0" \
                run 3 "$crease" count "$@" --limit-memory 1M data/iris-4-16-16-3.json
        done
        counts 25455 "$@" --seed 5 data/iris-4-16-16-3.json
        run 0 "$crease" certify "$@" -o "$dir/cert" data/iris-4-16-16-3.json
        run 3 "$crease" count "$@" --progress=always --limit-seconds 1 "$dir/big.json"
        run 3 timeout --preserve-status -k 60 -s INT 3 \
            "$crease" count "$@" --progress=always "$dir/big.json"
    done
done

# Half-spaces without a box; the number is that of one thread.
echo '{"A": [[1, 1], [-1, 0], [0, -1]], "b": [1, 1, 1]}' >"$dir/triangle.json"
run 0 "$crease" count --quiet --threads 1 --domain "$dir/triangle.json" data/moons-2-16-16-2.json
regions=$(cat "$dir/out")
for kind in walk "split --cell lp" "split --cell rays"; do
    # shellcheck disable=SC2086 # several words
    counts "$regions" --engine $kind --threads 4 --domain "$dir/triangle.json" data/moons-2-16-16-2.json
done

# A job's cells and the trunk, each by several threads that write one certificate.
run 0 "$crease" shard -n 3 -o "$dir/jobs" data/iris-4-16-16-3.json
run 0 "$crease" certify --threads 4 --job "$dir/jobs" --index 1
run 0 "$crease" certify --threads 4 --trunk "$dir/jobs"

for threads in 2 4; do
    counts 3 --threads $threads --definition affine data/max-min-2d.json
    counts 181 --threads $threads --definition open-connected --box -1:1 data/fold-2d-4-4-4.json
    counts 169 --threads $threads --definition affine --box -1:1 data/fold-2d-4-4-4.json
    run 3 "$crease" count --threads $threads --definition affine --limit-regions 2000 \
        data/iris-4-16-16-3.json
done

finish
