#!/bin/sh
# Checkpoints: exit codes, signals, kill -9, full disks, lost directories, damaged and foreign files.
# Whatever happens to a run, the total is that of an uninterrupted one, or the run says why it
# cannot go on.
#
# CHAOS: how many runs are killed at random moments.
# shellcheck disable=SC2015,SC2016
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
chaos=${CHAOS:-${CREASE_LONG:+400}}
chaos=${chaos:-40}
net=data/diabetes-10-12-8-1.json
total=412051
small=data/moons-2-16-16-2.json
file=$dir/state

# counted NAME WANT: the bare count on stdout.
counted() {
    ok; [ "$(cat "$dir/out")" = "$2" ] || fail "$1: $(cat "$dir/out"), expected $2"
}

# ---- exit codes ----
run 0 count --quiet --checkpoint "$file" "$small"
counted "with a checkpoint" 648
run 0 count --quiet --resume "$file" "$small"
counted "a complete checkpoint" 648
for engine in split walk; do
    for limit in "--limit-regions 100" "--limit-seconds 0.001" "--limit-memory 1M"; do
        # shellcheck disable=SC2086
        run 3 count --json --engine $engine --checkpoint "$file" $limit data/iris-4-16-16-3.json
        run 0 count --json --resume "$file" data/iris-4-16-16-3.json
        json 'r["regions"] == 25455 and r["complete"] and r["earlier_seconds"] > 0' "$engine $limit"
    done
    for signal in INT TERM HUP USR1; do
        "$crease" count --quiet --engine $engine --checkpoint "$file" "$net" >"$dir/out" 2>"$dir/err" &
        child=$!
        sleep 0.3
        kill -s $signal $child 2>/dev/null
        wait $child
        code=$?
        child=
        ok; [ $code -eq 75 ] || { [ $code -eq 0 ] && [ $engine = split ]; } ||
            fail "SIG$signal, $engine: exit code $code"
        [ $engine = walk ] || run 0 count --quiet --resume "$file" "$net"
        [ $engine = walk ] || counted "SIG$signal" $total
    done
done
big_network >"$dir/big.json"
run 3 count --checkpoint "$file" --limit-seconds 1 "$dir/big.json"
ok; [ "$(wc -c <"$file")" -lt 300000 ] || fail "a checkpoint of $(wc -c <"$file") bytes"
ok; [ "$(find "$dir" -name 'state*' | wc -l)" -eq 1 ] || fail "temporary files are left"

# ---- what is refused ----
run 3 count --checkpoint "$file" --limit-regions 1000 "$net"
cp "$file" "$dir/good"
refuses_in_a_line count --resume "$dir/none" "$net"
refuses_in_a_line count --resume "$dir" "$net"
refuses_in_a_line count --resume "$net" "$net"
refuses_in_a_line count --resume "$file" data/iris-4-16-16-3.json
ok; grep -q 'another network' "$dir/err" || fail "$(cat "$dir/err")"
refuses_in_a_line count --resume "$file" --box 0:1 "$net"
ok; grep -q 'another domain' "$dir/err" || fail "$(cat "$dir/err")"
refuses_in_a_line count --resume "$file" --engine walk "$net"
refuses_in_a_line count --resume "$file" --cell lp "$net"
cp "$net" "$dir/net.json"
refuses_in_a_line count --checkpoint "$dir/net.json" "$dir/net.json"
refuses_in_a_line count --checkpoint "$dir/none/state" "$small"
refuses_in_a_line count --checkpoint "$dir" "$small"
refuses certify --checkpoint "$file" -o "$dir/cert" "$small"
sed 's/^crease-checkpoint 1/crease-checkpoint 2/' "$dir/good" >"$file"
refuses_in_a_line count --resume "$file" "$net"
ok; grep -q 'version' "$dir/err" || fail "$(cat "$dir/err")"

# seal FILE: gives it the checksum that it should have.
seal() {
    sed -i '$d' "$1"
    printf 'sha256 %s\n' "$(sha256sum <"$1" | cut -d ' ' -f 1)" >>"$1"
}
# altered SED: a file that somebody made up, sealed.
altered() {
    sed "$1" "$dir/good" >"$file"
    seal "$file"
    refuses_in_a_line count --resume "$file" "$net"
}
cp "$dir/good" "$file"
seal "$file"
run 0 count --quiet --resume "$file" "$net"
counted "sealed again" $total
altered 's/^program .*/program 9.9.9/'
ok; grep -q '9.9.9' "$dir/err" || fail "$(cat "$dir/err")"
altered 's/^open .*/open 1000000/'
altered 's/^open .*/open 0/'
altered 's/^regions .*/regions -1/'
altered 's/^regions .*/regions 18446744073709551616/'
altered 's/^closed .*/closed nan/'
altered '/^open/,$s/^\([0-9]*\)\.[01]/4000000000.0/'
altered '/^open/,$s/^\([0-9]*\)\.[01]/\1.7/'
altered '/^open/,$s/^\([0-9]*\)\.[01]/\1.0-9/'
for size in 0 1 20 100 300 400; do
    head -c $size "$dir/good" >"$file"
    refuses_in_a_line count --resume "$file" "$net"
done
for at in 0 25 50 100 200 300 380 400; do
    cp "$dir/good" "$file"
    byte=$(dd if="$file" bs=1 skip=$at count=1 2>/dev/null)
    [ "$byte" = x ] && byte=y || byte=x
    printf '%s' "$byte" | dd of="$file" bs=1 seek=$at conv=notrunc 2>/dev/null
    refuses_in_a_line count --resume "$file" "$net"
done

# ---- no room ----
# The first checkpoint must be possible; when a later one is not, the one before stays.
why=$(ulimit -f 0; "$crease" count --checkpoint "$file" "$small" 2>&1)
code=$?
ok; [ $code -eq 2 ] && [ -n "$why" ] || fail "no room for a first checkpoint: exit code $code, $why"
mkdir "$dir/gone"
(sleep 0.3; rm -rf "$dir/gone") &
"$crease" count --quiet --checkpoint "$dir/gone/state" --checkpoint-every 0.01 --limit-seconds 1 \
    "$dir/big.json" >"$dir/out" 2>"$dir/err"
code=$?
ok; [ $code -eq 2 ] && [ ! -s "$dir/out" ] && grep -q 'goes on without' "$dir/err" ||
    fail "a directory that goes away: exit code $code"
cp "$dir/good" "$file"
(ulimit -f 0; "$crease" count --resume "$file" "$net" >"$dir/out" 2>"$dir/err")
ok; cmp -s "$dir/good" "$file" || fail "a full disk spoilt the checkpoint"

# ---- chaos ----
# chase NAME ARGUMENTS...: kills a run with a random signal at a random moment, again and again.
seed=${CHAOS_SEED:-1}
chase() {
    name=$1
    shift
    rm -f "$file"
    from="--checkpoint"
    runs=0
    while :; do
        seed=$(((seed * 16807 + runs) % 2147483647))
        threads=$((seed % 3 + 1))
        moment=$((seed / 7 % 200))
        case $((seed / 1400 % 3)) in 0) signal=TERM ;; *) signal=KILL ;; esac
        [ $runs -lt $((chaos / 4)) ] || signal=CONT
        timeout -s $signal "0.$((100 + moment))" "$crease" count --quiet -t $threads \
            --checkpoint-every 0.02 $from "$file" "$@" >"$dir/out" 2>"$dir/err"
        code=$?
        runs=$((runs + 1))
        [ -f "$file" ] && from="--resume"
        case $code in
        0) break ;;
        75 | 124 | 137) ;;
        *) fail "chaos, $name: exit code $code: $(cat "$dir/err")"; break ;;
        esac
    done
    rm -f "$dir"/state.*
}
while [ "$chaos" -gt 0 ]; do
    chase split "$net"
    counted "chaos" $total
    chase "split, lp" --engine split data/digits-64-10-8-10.json
    counted "chaos, lp" 72239
    chase walk --engine walk data/breast-cancer-30-8-8-2.json
    counted "chaos, walk" 14693
    chaos=$((chaos - 40))
done

finish
