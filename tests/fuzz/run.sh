#!/bin/sh
# Runs fuzz targets one after the other, each for so many seconds; a fault is a failure.
#
#   run.sh SECONDS TARGET...          for make fuzz, which builds them in build-fuzz
#
# Inputs that reach new code stay in build-fuzz/corpus for the next run; one that shows a fault is
# written to build-fuzz/faults.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/shell.sh
seconds=$1
shift
build="build-fuzz"
crease=$build/crease
corpus=$build/corpus
mkdir -p "$corpus" "$build/faults"
# Files on disk would wait for fsync.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then
    memory=$(mktemp -d -p /dev/shm) && trap 'rm -rf "$dir" "$memory"' EXIT
else
    memory=$dir
fi
export FUZZ_DIRECTORY="$memory" OMP_NUM_THREADS=1

# seed TARGET FILE...
seed() {
    mkdir -p "$dir/seeds/$1"
    for file in "$@"; do
        [ ! -f "$file" ] || cp "$file" "$dir/seeds/$1/$(echo "$file" | sha256sum | cut -c 1-16)"
    done
}

# certificate NUMBER OPTIONS NETWORK: what follows the head, behind the number of the case in
# certificate.c
certificate() {
    number=$1
    shift
    for engine in walk split; do
        rm -f "$dir/cert"
        "$crease" certify -q --engine=$engine -o "$dir/cert" "$@" >"$dir/out" || die "certify $*: no seed"
        { printf '%b' "\\0$number" && tail -c +113 "$dir/cert"; } >"$dir/seeds/certificate/$number-$engine"
    done
}

mkdir -p "$dir/seeds/certificate"
seed json data/*.json tests/regress/*.json
seed readers data/*.json tests/regress/*.json
seed vnnlib tests/domain/vnnlib/*.vnnlib
seed onnx tests/onnx/data/*.onnx
echo '{"A": [[1, "1/3"], [0, -1]], "b": [1, "1e-2"], "box": [[-1, 1], [0, 2]]}' >"$dir/domain"
echo '{"origin": [0, "1/2"], "directions": [[1, 1]], "comment": ""}' >"$dir/slice"
echo '-1:1,0:1e3' >"$dir/box"
seed domain "$dir/domain" "$dir/slice" "$dir/box"
if command -v python3 >/dev/null 2>&1; then
    python3 tests/fuzz/seeds.py "$dir/seeds" || die "seeds.py"
fi
certificate 0 data/abs-1d.json
certificate 1 data/max-min-2d.json
certificate 2 data/braid-4.json
certificate 3 --box=0:1 data/fold-2d-4-4-4.json
certificate 4 --box=0:1 data/zigzag-1d-n4-l3.json
net=data/moons-2-16-16-2.json # that of fuzz.c
for engine in walk split; do
    "$crease" count -q -t 1 --engine=$engine --limit-regions=100 --checkpoint="$dir/$engine" $net >"$dir/out"
    # The target adds the seal, the last 72 bytes.
    head -c -72 "$dir/$engine" >"$dir/$engine.seed"
done
seed checkpoint "$dir/walk.seed" "$dir/split.seed"
"$crease" shard -n 2 -o "$memory/jobs" $net >"$dir/out" 2>&1 || die "shard: $(cat "$dir/out")"
for job in 0 1; do
    "$crease" count -q -t 1 --job "$memory/jobs" --index $job >"$dir/out" || die "a job"
    head -c -72 "$memory/jobs/000$job.job" >"$dir/$job.seed"
done
head -c -72 "$memory/jobs/trunk" >"$dir/trunk.seed"
seed job "$dir/0.seed" "$dir/1.seed" "$dir/trunk.seed"
seed result "$memory/jobs/0000.result"

for target in "$@"; do
    ok
    mkdir -p "$corpus/$target" "$dir/seeds/$target"
    "$build/fuzz/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -malloc_limit_mb=1024 \
        -verbosity=0 -print_final_stats=1 -artifact_prefix="$build/faults/$target-" \
        "$corpus/$target" "$dir/seeds/$target" >"$dir/out" 2>&1 || {
        fail "$target"
        tail -n 60 "$dir/out" >&2
    }
    echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/out") inputs," \
        "$(find "$corpus/$target" -type f | wc -l) kept"
done
finish
