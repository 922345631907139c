#!/usr/bin/env bash
# Compares the speed of two revisions: regions per second of CPU, medians of alternating runs.
#
#   compare.sh REV [PATTERN]
#
# Builds the revision REV in a temporary worktree and compares it with build/crease on the cases
# whose names match PATTERN, a regular expression (default: all).  RUNS (5) runs each, LIMIT (4)
# seconds at most.  ratio: of the speed of build/crease to that of REV.  Each count uses one thread.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -ge 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2 && exit 2; }
revision=$(git rev-parse --verify "$1^{commit}")
pattern=${2:-.}
runs=${RUNS:-5} limit=${LIMIT:-4}
scratch=$(mktemp -d)
leave() {
    git worktree remove --force "$scratch/tree" 2>/dev/null || true
    rm -rf "$scratch"
}
trap leave EXIT
trap 'exit 1' HUP INT TERM
git worktree add --quiet --detach "$scratch/tree" "$revision"
make --no-print-directory -C "$scratch/tree" -j"$(nproc)" build/crease >"$scratch/log" 2>&1 ||
    { tail -n 5 "$scratch/log" >&2 && exit 1; }

# speed CREASE ARGUMENT...: regions per second of CPU; short counts are repeated.
speed() {
    local spent regions total=0 sum=0 r TIMEFORMAT='%U %S'
    for r in 1 2 3 4 5 6 7 8; do
        spent=$( { time count "$@"; } 2>&1)
        regions=$(sed -n 's/.*"regions": *\([0-9]*\).*/\1/p' "$scratch/json" | head -n 1)
        total=$(awk -v t="$total" -v s="$spent" 'BEGIN { split(s, x, " "); print t + x[1] + x[2] }')
        sum=$((sum + ${regions:-0}))
        awk -v t="$total" 'BEGIN { exit t < 0.5 }' && break
    done
    awk -v n="$sum" -v t="$total" 'BEGIN { printf "%.0f\n", (t > 0 ? n / t : 0) }'
}
# A count that ends at the limit is as good.
count() {
    "$1" count -t 1 --json --progress=never --limit-seconds="$limit" "${@:2}" >"$scratch/json" 2>/dev/null || [ $? -eq 3 ]
}
median() {
    sort -n | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'
}
# compare NAME ARGUMENT...
compare() {
    local name=$1 r
    shift
    [[ $name =~ $pattern ]] || return 0
    : >"$scratch/old" && : >"$scratch/new"
    for ((r = 0; r < runs; r++)); do
        speed "$scratch/tree/build/crease" "$@" >>"$scratch/old"
        speed build/crease "$@" >>"$scratch/new"
    done
    local old new
    old=$(median <"$scratch/old") new=$(median <"$scratch/new")
    printf '%-26s %12s %12s  %s\n' "$name" "$old" "$new" \
        "$(awk -v a="$old" -v b="$new" 'BEGIN { if (a > 0) printf "%.2fx", b / a; else print "n/a" }')"
}
# random INPUTS WIDTHS [BOX]
random() {
    local file=$scratch/net.json
    build/crease make --force --inputs="$1" --widths="$2" --seed=1 random -o "$file" >/dev/null
    compare "$1,$2${3:+ $3}" "$file" ${3:+--box="$3"}
}
printf '%-26s %12s %12s  %s\n' network "$1" build ratio
random 4 32
random 6 24
random 8 16
random 3 32,32
random 2 48,48
random 5 10,10,10
random 9 11,11
random 16 16,16
random 20 20,20
random 32 32,16
random 784 16,16
random 2 256,256 -10:10
random 4 20,20 -10:10
random 4 32,32 -10:10
random 4 32,32 -100000:100000
random 5 10,10,10 -10:10
random 6 12,12 -10:10
random 7 12,12 -10:10
random 9 11,11 -10:10
random 64 32,16 0:1
random 784 16,16 0:1
for net in iris-4-16-16-3 wine-13-10-10-3 digits-64-10-8-10 diabetes-10-12-8-1; do
    compare "$net" "data/$net.json"
done
