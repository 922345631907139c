#!/bin/sh
# crease-mpi: the same count and estimate with any number of ranks and threads, checkpoints that go from one
# number of ranks to another and to crease, signals, kill -9.  Without mpirun there is nothing to
# test.
#
# CHAOS: how many runs are stopped or killed at random moments.
# shellcheck disable=SC2015
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
mpi=$(dirname "$crease")/crease-mpi
if [ ! -x "$mpi" ] || ! command -v mpirun >/dev/null; then
    echo "not run: no crease-mpi or no mpirun"
    exit 0
fi
chaos=${CHAOS:-${more:+200}}
chaos=${chaos:-1}
file=$dir/state
local_mpi

# ranks WANT N ARGUMENTS...: exit code and output of that many.
ranks() {
    wanted=$1
    number=$2
    shift 2
    exits "$wanted" mpirun -np "$number" "$mpi" "$@"
}

# counted WHAT WANT
counted() {
    printed "$2" "$1"
}

if [ -n "$more" ]; then
    for n in 1 2 3 5; do
        ranks 0 "$n" count --quiet -t $((n % 2 + 1)) data/diabetes-10-12-8-1.json
        counted "$n ranks" 412051
        ranks 0 "$n" count --quiet -t 1 --cell lp data/wine-13-10-10-3.json
        counted "$n ranks, lp" 98130
    done
fi
for n in 2 ${more:+1 3 5}; do
    [ -z "$more" ] || { ranks 0 "$n" count --quiet data/abs-1d.json && counted "$n ranks, one unit" 2; }
    ranks 0 "$n" count --quiet -t 1 --box=-1:1 data/iris-4-16-16-3.json
    counted "$n ranks, box" 3208
done
"$crease" make random --inputs 3 --widths 4,3 --maxout 3 --seed 5 -o "$dir/maxout.json" >/dev/null
run 0 count --quiet "$dir/maxout.json"
total=$(cat "$dir/out")
ranks 0 2 count --quiet "$dir/maxout.json"
counted "maxout" "$total"
ranks 0 3 count --json -t 1 data/iris-4-16-16-3.json
json 'r["regions"] == r["counts"]["activation"] == 25455 and r["complete"] and r["threads"] == 3 and r["decisions"]["filter"] > 0'

# ---- estimates ----
# without_clock TO: the report without what differs from run to run.
without_clock() {
    sed 's/"threads": .*//; s/"seconds": .*//' "$dir/out" >"$1"
}
# alike N ARGUMENTS...: N ranks say what one process says.
alike() {
    number=$1
    shift
    run 0 estimate --json "$@"
    without_clock "$dir/one"
    for threads in 1 ${more:+2}; do
        ranks 0 "$number" estimate --json -t "$threads" "$@"
        without_clock "$dir/other"
        ok; cmp -s "$dir/one" "$dir/other" || fail "estimate $*: another one by $number ranks"
    done
}
alike 3 --leaves=200 --seed=3 data/iris-4-16-16-3.json
if [ -n "$more" ]; then
    "$crease" make random --inputs=4 --widths=16,16,16 --seed=1 -o "$dir/deep.json" >/dev/null
    for number in 1 2 4; do
        alike "$number" --leaves=400 "$dir/deep.json"
        alike "$number" --error=30% "$dir/deep.json"
        alike "$number" --leaves=1000000 data/iris-4-16-16-3.json
    done
    ranks 0 21 estimate --json -t 1 --leaves=200 --seed=3 data/iris-4-16-16-3.json
    ranks 0 2 estimate --json -t 1 --seconds=1 "$dir/deep.json"
    json "r['replicates'] == 20 and r['threads'] == 2"
    # Stopped by ranks, and taken up by one process and by others.
    run 0 estimate --json --leaves=20000 "$dir/deep.json"
    without_clock "$dir/one"
    for after in 0.3 0.6 0.9; do
        for by in "$crease" "mpirun -np 3 $mpi"; do
            rm -f "$file"
            mpirun -np 2 "$mpi" estimate -t 1 --checkpoint="$file" --leaves=20000 \
                --limit-seconds=$after "$dir/deep.json" >/dev/null 2>&1
            # shellcheck disable=SC2086 # a command
            exits 0 $by estimate --json --checkpoint="$file" --leaves=20000 "$dir/deep.json"
            without_clock "$dir/other"
            ok; cmp -s "$dir/one" "$dir/other" || fail "another estimate after $after s"
        done
    done
    rm -f "$file"
    big_network >"$dir/big.json"
    mpirun -np 2 "$mpi" estimate -t 1 --checkpoint="$file" --leaves=1000000000 "$dir/big.json" \
        >"$dir/out" 2>"$dir/err" &
    child=$!
    waits 20 test -f "$file" || fail "no checkpoint"
    sleep 1
    kill -USR1 $child
    wait $child
    code=$?
    child=
    ok; [ $code -eq 75 ] || fail "estimate, SIGUSR1: exit code $code: $(cat "$dir/err")"
    rm -f "$file"
fi

# ---- what is refused ----
ranks 2 2 count data/none.json
ok; [ "$(grep -c '^crease-mpi: ' "$dir/err")" -eq 1 ] || fail "a network that is missing: $(cat "$dir/err")"
if [ -n "$more" ]; then
    ranks 2 2 count --engine walk data/iris-4-16-16-3.json
    ranks 2 2 count --bogus data/iris-4-16-16-3.json
    ranks 2 2 count --checkpoint "$dir/none/state" data/iris-4-16-16-3.json
    ranks 2 2 sample -n 10 data/iris-4-16-16-3.json
    says '^crease-mpi: several ranks can only count or estimate' err
    ranks 2 2 estimate --checkpoint "$dir/none/state" data/iris-4-16-16-3.json
    ranks 2 2 estimate --engine=walk data/iris-4-16-16-3.json
    ranks 2 2 certify -o "$dir/cert" data/iris-4-16-16-3.json
    ranks 2 2 count --resume "$dir/none" data/iris-4-16-16-3.json
    ranks 0 2 --version
fi

# ---- names and versions ----
for n in ${more:+2} 1; do
    ranks 0 "$n" count --help
    says '^Usage: crease-mpi count ' out
done
if [ -n "$more" ]; then
    ranks 2 2 count --engine wlk data/iris-4-16-16-3.json
    says '^crease-mpi count: --engine: "wlk" is none of auto, walk and split$' err
fi
# The same program with another version in it.
version=$("$crease" --version)
version=${version#crease }
sed "s/${version%?}${version#"${version%?}"}/${version%?}~/g" "$mpi" >"$dir/other-mpi"
chmod +x "$dir/other-mpi"
exits 2 mpirun -np 1 "$mpi" count --quiet data/abs-1d.json : -np 1 "$dir/other-mpi" count --quiet data/abs-1d.json
says "rank 1 is crease ${version%?}~, rank 0 is crease $version" err

# ---- limits and checkpoints ----
net=data/wine-13-10-10-3.json
total=98130
limit=30000
[ -z "$more" ] || { net=data/diabetes-10-12-8-1.json && total=412051 && limit=100000; }
ranks 3 2 count --json --checkpoint "$file" --limit-regions $limit "$net"
json "r['complete'] is False and r['stopped'] and r['regions'] < $total"
run 0 count --quiet --resume "$file" "$net"
counted "from ranks to one process" $total
rm "$file"
run 3 count --quiet --checkpoint "$file" --limit-regions $limit "$net"
ranks 0 2 count --json --resume "$file" "$net"
json "r['regions'] == $total and r['complete'] and r['earlier_seconds'] > 0"
[ -z "$more" ] || { ranks 0 2 count --quiet --resume "$file" "$net" && counted "a complete checkpoint" $total; }
ranks 2 2 count --resume "$file" data/iris-4-16-16-3.json
big_network >"$dir/big.json"
rm "$file"
ranks 3 2 count --checkpoint "$file" --limit-seconds 0.3 "$dir/big.json"
ok; [ "$(wc -c <"$file")" -lt 400000 ] || fail "a checkpoint of $(wc -c <"$file") bytes"
rm "$file"
mpirun -np 2 "$mpi" count --checkpoint "$file" "$dir/big.json" >"$dir/out" 2>"$dir/err" &
child=$!
# The first checkpoint comes after the top of the tree.
waits 20 test -f "$file" || fail "no checkpoint"
kill -USR1 $child
wait $child
code=$?
child=
ok; [ $code -eq 75 ] || fail "SIGUSR1: exit code $code: $(cat "$dir/err")"

# ---- chaos ----
# ranks_of PARENT: the processes crease-mpi, all children of mpirun.
ranks_of() {
    pgrep -P "$1" -f crease-mpi
}

# A signal goes to mpirun, or with -9 to one of the ranks, which ends them all, or to mpirun, whose
# ranks follow. Ranks get it once they catch it. Without CREASE_LONG in a box, and so shorter.
seed=${CHAOS_SEED:-3}
box=${more:+-q}
box=${box:---box=-2:2}
latest=${more:+1200}
latest=${latest:-600}
disturb() {
    chance 4
    what=$picked
    moment 200 "$latest"
    sleep "$moment"
    waits 600 begun $child "$number" || fail "the ranks do not begin"
    there=$(ranks_of $child)
    case $what in
    0 | 1) kill -s USR1 $child 2>/dev/null ;;
    2)
        chance $number
        victim=$(echo "$there" | sed -n $((picked + 1))p)
        [ -z "$victim" ] || kill -s KILL "$victim" 2>/dev/null
        ;;
    *) kill -s KILL $child 2>/dev/null ;;
    esac
    { wait $child; } 2>/dev/null
    code=$?
    child=
    # shellcheck disable=SC2086
    [ -z "$there" ] || waits 20 gone $there || fail "ranks outlive mpirun: $there"
    case $what:$code in
    *:0) ;;
    [01]:75) asked=$((asked + 1)) ;;
    [23]:137) killed=$((killed + 1)) ;;
    *) fail "chaos, $what after $moment s: exit code $code: $(cat "$dir/err")" ;;
    esac
}

# begun PARENT N: all ranks catch signals, or mpirun has ended.
begun() {
    case $(ps -o stat= -p "$1") in '' | Z*) return 0 ;; esac
    there=$(ranks_of "$1")
    [ "$(echo "$there" | wc -w)" -eq "$2" ] || return 1
    for pid in $there; do catches "$pid" || return 1; done
}

# gone PID...: none of them is a rank that runs.
gone() {
    for pid; do
        case $(ps -o stat= -o comm= -p "$pid") in '' | Z*) ;; *crease-mpi*) return 1 ;; esac
    done
}

run 0 count -q "$box" data/diabetes-10-12-8-1.json
whole=$(cat "$dir/out")
while [ $failed -eq 0 ] && [ $((killed + asked)) -lt "$chaos" ]; do
    rm -f "$file"
    code=1
    while [ $code -ne 0 ] && [ $failed -eq 0 ] && [ $((killed + asked)) -lt "$chaos" ]; do
        chance 3
        number=$((2 + picked))
        chance 2
        mpirun -np $number "$mpi" count --quiet -t $((1 + picked)) --checkpoint-every 0.05 --checkpoint "$file" \
            --cell lp "$box" data/diabetes-10-12-8-1.json >"$dir/out" 2>"$dir/err" &
        child=$!
        disturb
        ok; [ $code -ne 75 ] || [ -f "$file" ] || fail "chaos: exit code 75 without a checkpoint"
    done
    [ $code -eq 0 ] || ranks 0 2 count --quiet --checkpoint "$file" --cell lp "$box" data/diabetes-10-12-8-1.json
    counted "chaos" "$whole"
done
echo "$self: $killed runs killed, $asked stopped"

finish
