#!/bin/sh
# crease-mpi: the same count with any number of ranks and threads, checkpoints that go from one number of
# ranks to another and to crease, signals, kill -9.  Without mpirun there is nothing to test.
#
# CHAOS: how many runs are killed at random moments.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
mpi=$(dirname "$crease")/crease-mpi
if [ ! -x "$mpi" ] || ! command -v mpirun >/dev/null; then
    echo "test_mpi: no crease-mpi or no mpirun here, nothing tested"
    exit 0
fi
chaos=${CHAOS:-${CREASE_LONG:+200}}
chaos=${chaos:-12}
file=$dir/state
# Only the loopback address; a build as root is usual in a container.
export OMPI_MCA_btl=self,vader OMPI_MCA_oob_tcp_if_include=lo OMPI_MCA_orte_tmpdir_base="$dir"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

# ranks WANT N ARGUMENTS...: exit code and output of that many.
ranks() {
    wanted=$1
    number=$2
    shift 2
    exits "$wanted" mpirun -np "$number" "$mpi" "$@"
}

# counted WHAT WANT
counted() {
    ok; [ "$(cat "$dir/out")" = "$2" ] || fail "$1: $(cat "$dir/out"), expected $2"
}

for n in 1 2 3 5; do
    for t in 1 2; do
        ranks 0 $n count --quiet -t $t data/diabetes-10-12-8-1.json
        counted "$n ranks, $t threads" 412051
    done
    ranks 0 $n count --quiet -t 1 --cell lp data/wine-13-10-10-3.json
    counted "$n ranks, lp" 98130
    ranks 0 $n count --quiet -t 1 --box=-1:1 data/iris-4-16-16-3.json
    counted "$n ranks, box" 3208
    ranks 0 $n count --quiet data/abs-1d.json
    counted "$n ranks, one unit" 2
done
"$crease" make random --inputs 3 --widths 4,3 --maxout 3 --seed 5 -o "$dir/maxout.json" >/dev/null
run 0 count --quiet "$dir/maxout.json"
total=$(cat "$dir/out")
ranks 0 3 count --quiet "$dir/maxout.json"
counted "maxout" "$total"
ranks 0 3 count --json -t 1 data/diabetes-10-12-8-1.json
json 'r["regions"] == 412051 and r["complete"] and r["threads"] == 3 and r["decisions"]["filter"] > 0'

# ---- what is refused ----
ranks 2 2 count data/none.json
ok; [ "$(grep -c '^crease: ' "$dir/err")" -eq 1 ] || fail "a network that is missing: $(cat "$dir/err")"
ranks 2 2 count --bogus data/iris-4-16-16-3.json
ranks 2 2 certify -o "$dir/cert" data/iris-4-16-16-3.json
ranks 2 2 count --engine walk data/iris-4-16-16-3.json
ranks 2 2 count --resume "$dir/none" data/iris-4-16-16-3.json
ranks 2 2 count --checkpoint "$dir/none/state" data/iris-4-16-16-3.json
ranks 0 2 --version

# ---- limits and checkpoints ----
ranks 3 2 count --json --checkpoint "$file" --limit-regions 100000 data/diabetes-10-12-8-1.json
json 'r["complete"] is False and r["stopped"] and r["regions"] < 412051'
run 0 count --quiet --resume "$file" data/diabetes-10-12-8-1.json
counted "from ranks to one process" 412051
run 3 count --quiet --checkpoint "$file" --limit-regions 100000 data/diabetes-10-12-8-1.json
ranks 0 3 count --json --resume "$file" data/diabetes-10-12-8-1.json
json 'r["regions"] == 412051 and r["complete"] and r["earlier_seconds"] > 0'
ranks 0 2 count --quiet --resume "$file" data/diabetes-10-12-8-1.json
counted "a complete checkpoint" 412051
ranks 2 2 count --resume "$file" data/iris-4-16-16-3.json
big_network >"$dir/big.json"
ranks 3 3 count --checkpoint "$file" --limit-seconds 1 "$dir/big.json"
ok; [ "$(wc -c <"$file")" -lt 400000 ] || fail "a checkpoint of $(wc -c <"$file") bytes"
mpirun -np 2 "$mpi" count --checkpoint "$file" "$dir/big.json" >"$dir/out" 2>"$dir/err" &
child=$!
sleep 2
kill -USR1 $child
wait $child
code=$?
child=
ok; [ $code -eq 75 ] || fail "SIGUSR1: exit code $code: $(cat "$dir/err")"

# ---- chaos ----
# The signal goes to mpirun or, with -9, to one of the ranks, which ends them all.
seed=${CHAOS_SEED:-3}
while [ "$chaos" -gt 0 ]; do
    rm -f "$file"
    keep=--checkpoint
    tries=0
    while :; do
        seed=$(((seed * 16807 + tries) % 2147483647))
        number=$((2 + seed % 3))
        mpirun -np $number "$mpi" count --quiet -t $((1 + seed / 5 % 2)) --checkpoint-every 0.05 $keep \
            "$file" --cell lp data/diabetes-10-12-8-1.json >"$dir/out" 2>"$dir/err" &
        child=$!
        if [ $tries -lt 6 ]; then
            sleep "0.$((500 + seed / 11 % 499))"
            if [ $((seed / 7 % 2)) -eq 0 ]; then
                kill -USR1 $child 2>/dev/null
            else
                victim=$(pgrep -P $child -f crease-mpi | tail -n $((1 + seed / 13 % number)) | head -n 1)
                [ -z "$victim" ] || kill -9 "$victim" 2>/dev/null
            fi
        fi
        wait $child
        code=$?
        child=
        tries=$((tries + 1))
        [ ! -f "$file" ] || keep=--resume
        case $code in
        0) break ;;
        # 138: the signal came before main.
        75 | 137 | 138) ;;
        *) fail "chaos: exit code $code: $(cat "$dir/err")"; break ;;
        esac
    done
    counted "chaos, $tries runs" 412051
    chaos=$((chaos - tries))
done

finish
