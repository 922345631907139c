#!/bin/sh
# Checkpoints: exit codes, signals, kill -9, full disks, lost directories, damaged and foreign
# files. Whatever happens to a run, the total is that of an uninterrupted one, or the run says why
# it cannot go on.
#
# CHAOS: how many runs are stopped or killed at random moments.
# shellcheck disable=SC2015,SC2016
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
chaos=${CHAOS:-${more:+400}}
chaos=${chaos:-6}
# Counted in tenths of a second, without CREASE_LONG in hundredths, and stopped in the middle.
net=data/wine-13-10-10-3.json
total=98130
middle=0.03
latest=100
[ -z "$more" ] || { net=data/diabetes-10-12-8-1.json && total=412051 && middle=0.1 && latest=300; }
small=data/moons-2-16-16-2.json
file=$dir/state

# counted NAME WANT: the bare count on stdout.
counted() {
    printed "$2" "$1"
}

# ---- exit codes ----
run 0 count --quiet --checkpoint "$file" "$small"
counted "with a checkpoint" 648
run 0 count --quiet --resume "$file" "$small"
counted "a complete checkpoint" 648
for engine in split walk; do
    for limit in "--limit-regions 100" "--limit-seconds 0.001" "--limit-memory 1M"; do
        rm -f "$file"
        # shellcheck disable=SC2086
        run 3 count --json --engine $engine --checkpoint "$file" $limit --box=-1:1 data/iris-4-16-16-3.json
        # The time may have been over before the network was read.
        [ -f "$file" ] || continue
        run 0 count --json --resume "$file" --box=-1:1 data/iris-4-16-16-3.json
        json 'r["regions"] == 3208 and r["complete"] and r["earlier_seconds"] > 0' "$engine $limit"
    done
    for signal in INT TERM HUP USR1; do
        [ -n "$more" ] || case $engine-$signal in walk-INT | walk-USR1 | split-TERM | split-HUP) continue ;; esac
        rm -f "$file"
        stopped $signal $middle "$crease" count --quiet --engine $engine --checkpoint "$file" "$net"
        [ $engine = walk ] || run 0 count --quiet --resume "$file" "$net"
        [ $engine = walk ] || counted "SIG$signal" $total
    done
done
# ---- cells with one image, before and after ----
rm -f "$file"
"$crease" make fold --inputs=3 --widths=9,9,9,9 -o "$dir/fold.json" >/dev/null || fail "make fold"
run 3 count --checkpoint "$file" --merge=on --limit-regions=5 --box=0:1 "$dir/fold.json"
run 0 count --quiet --resume "$file" --merge=on --box=0:1 "$dir/fold.json"
counted "merged" 2558790
big_network >"$dir/big.json"
rm "$file"
run 3 count --checkpoint "$file" --limit-seconds 0.3 "$dir/big.json"
ok; [ "$(wc -c <"$file")" -lt 300000 ] || fail "a checkpoint of $(wc -c <"$file") bytes"
ok; [ "$(find "$dir" -name 'state*' | wc -l)" -eq 1 ] || fail "temporary files are left"

# ---- signals while the network is read ----
# read_through_a_pipe ARGUMENTS...: a signal comes when half of the network is read.
mkfifo "$dir/pipe"
read_through_a_pipe() {
    "$crease" count "$@" >"$dir/out" 2>"$dir/err" &
    child=$!
    # Only once the other side is open.
    exec 3>"$dir/pipe"
    head -c 1000 "$net" >&3
    kill -s USR1 $child
    tail -c +1001 "$net" >&3
    exec 3>&-
    wait $child
    code=$?
    child=
    ok; [ $code -eq 75 ] || fail "SIGUSR1 while reading, $*: exit code $code: $(cat "$dir/err")"
}
for engine in walk split; do
    rm -f "$file"
    read_through_a_pipe --engine $engine --checkpoint "$file" "$dir/pipe"
    read_through_a_pipe --resume "$file" "$dir/pipe"
done
run 0 count --quiet --resume "$file" "$net"
counted "signals while the network is read" $total

# ---- what killed runs leave ----
touch -d '2 days ago' "$file.unfinished-abcdef" "$file.unfinished-abcdefg" "$file.backup" "$dir/stat.unfinished-abcdef"
touch "$file.unfinished-uvwxyz"
rm "$file"
run 0 count --quiet --checkpoint "$file" "$small"
ok; [ "$(cd "$dir" && echo stat*)" = "stat.unfinished-abcdef state state.backup state.unfinished-abcdefg state.unfinished-uvwxyz" ] ||
    fail "what killed runs leave: $(cd "$dir" && echo stat*)"
rm "$dir"/stat*

# ---- what is refused ----
run 3 count --checkpoint "$file" --limit-regions 1000 "$net"
cp "$file" "$dir/good"
refuses_in_a_line count --resume "$dir/none" "$net"
refuses_in_a_line count --resume "$dir" "$net"
refuses_in_a_line count --resume "$net" "$net"
refuses_in_a_line count --resume "$file" data/iris-4-16-16-3.json
says 'another network' err
refuses_in_a_line count --resume "$file" --box 0:1 "$net"
says 'another domain' err
refuses_in_a_line count --resume "$file" --engine walk "$net"
refuses_in_a_line count --resume "$file" --cell lp "$net"
run 3 count --checkpoint "$dir/rows" --cell lp --limit-regions 100 "$net"
refuses_in_a_line count --resume "$dir/rows" --merge on "$net"
says 'of LP cells, and --merge=on needs' err
cp "$net" "$dir/net.json"
refuses_in_a_line count --checkpoint "$dir/net.json" "$dir/net.json"
refuses_in_a_line count --checkpoint "$dir/none/state" "$small"
refuses_in_a_line count --checkpoint "$dir" "$small"
refuses certify --checkpoint "$file" -o "$dir/cert" "$small"
sed 's/^crease-checkpoint 1/crease-checkpoint 2/' "$dir/good" >"$file"
refuses_in_a_line count --resume "$file" "$net"
says 'version' err

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
    ok; grep -qF "$file: " "$dir/err" || fail "$1: the file is not named: $(cat "$dir/err")"
}
cp "$dir/good" "$file"
seal "$file"
run 0 count --quiet --resume "$file" "$net"
counted "sealed again" $total
# Sums beyond 64 bits: as if 10^20 more regions had been counted before.
before=$(sed -n 's/^regions //p' "$dir/good")
sed "s/^regions .*/regions 1$(printf '%020d' "$before")/" "$dir/good" >"$file"
seal "$file"
run 0 count --quiet --resume "$file" "$net"
counted "beyond 64 bits" "1$(printf '%020d' "$total")"
altered 's/^program .*/program 9.9.9/'
says '9.9.9' err
altered 's/^open .*/open 1000000/'
altered 's/^open .*/open 0/'
altered 's/^regions .*/regions -1/'
altered "s/^regions .*/regions 1$(printf '%0155d' 0)/"        # more than 2^512
altered 's/^closed .*/closed nan/'
altered '/^open/,$s/^\([0-9]*\)\.[01]/4000000000.0/'
altered '/^open/,$s/^\([0-9]*\)\.[01]/\1.7/'
altered '/^open/,$s/^\([0-9]*\)\.[01]/\1.0-9/'
for size in 0 20 300; do
    head -c $size "$dir/good" >"$file"
    refuses_in_a_line count --resume "$file" "$net"
done
for at in 0 25 200 ${more:+50 100 300 380 400}; do
    cp "$dir/good" "$file"
    byte=$(dd if="$file" bs=1 skip="$at" count=1 2>/dev/null)
    [ "$byte" = x ] && byte=y || byte=x
    printf '%s' "$byte" | dd of="$file" bs=1 seek="$at" conv=notrunc 2>/dev/null
    refuses_in_a_line count --resume "$file" "$net"
done

# ---- started again in the same way ----
# The file is gone on from if it is of the same count, and else stays as it is.
for engine in split walk; do
    rm -f "$file"
    run 3 count --quiet --engine $engine --checkpoint "$file" --limit-regions 1000 --box=-1:1 data/iris-4-16-16-3.json
    before=$(cat "$dir/out")
    run 0 count --json --engine $engine --checkpoint "$file" --box=-1:1 data/iris-4-16-16-3.json
    json 'r["regions"] == 3208 and r["complete"] and r["earlier_seconds"] > 0' "$engine, again"
    says "^crease: $file: the count goes on from here, after $before regions$" err
    run 0 count --quiet --checkpoint "$file" --box=-1:1 data/iris-4-16-16-3.json
    counted "$engine, once it is complete" 3208
    ok; [ ! -s "$dir/err" ] || fail "--quiet: $(cat "$dir/err")"
done
cp "$dir/good" "$file"
head -c 300 "$dir/good" >"$dir/cut"
: >"$dir/empty"
for kept in "$file" "$dir/net.json" "$dir/cut" "$dir/empty"; do
    cp "$kept" "$dir/before"
    refuses_in_a_line count --checkpoint "$kept" data/iris-4-16-16-3.json
    says "^crease: $kept: .*; it is not replaced$" err
    ok; cmp -s "$kept" "$dir/before" || fail "--checkpoint replaced $kept"
done
refuses_in_a_line count --checkpoint "$file" --box 0:1 "$net"
says 'give the --box it was made with' err
# Not the checkpoint of another run, nor of the same count.
run 3 count --checkpoint "$dir/second" --limit-regions 100 "$net"
refuses_in_a_line count --resume "$file" --checkpoint "$dir/second" "$net"
says "^crease: $dir/second: there already" err
run 0 count --quiet --resume "$file" --checkpoint "$dir/third" "$net"
counted "to another file" $total
run 0 count --quiet --resume "$dir/third" --checkpoint "$dir/third" "$net"
counted "to the same file" $total

# ---- an estimate does not delay the first checkpoint ----
"$crease" make random --inputs 40 --widths 300,300 -o "$dir/wide.json" >/dev/null
rm "$file"
"$crease" count --progress json --checkpoint "$file" "$dir/wide.json" >"$dir/out" 2>"$dir/err" &
child=$!
waits 60 test -f "$file" || fail "no checkpoint before the estimate"
kill -s USR1 $child
wait $child
code=$?
child=
ok; [ $code -eq 75 ] || fail "SIGUSR1 during the estimate: exit code $code: $(cat "$dir/err")"
says '^regions 0$' state

# ---- no room ----
# The first checkpoint must be possible; when a later one is not, the one before stays.
rm "$file"
why=$(ulimit -f 0; "$crease" count --checkpoint "$file" "$small" 2>&1)
code=$?
ok; [ $code -eq 2 ] && [ -n "$why" ] || fail "no room for a first checkpoint: exit code $code, $why"
mkdir "$dir/gone"
"$crease" count --quiet --checkpoint "$dir/gone/state" --checkpoint-every 0.01 "$dir/big.json" \
    >"$dir/out" 2>"$dir/err" &
child=$!
waits 20 test -f "$dir/gone/state" || fail "no checkpoint"
# Not while a checkpoint is being written.
waits 20 rm -rf "$dir/gone" || fail "the directory stays"
waits 20 grep -q 'goes on without' "$dir/err" || fail "a directory that goes away: no word"
kill $child
wait $child
code=$?
child=
ok; [ $code -eq 2 ] && [ ! -s "$dir/out" ] || fail "a directory that goes away: exit code $code"
cp "$dir/good" "$file"
(ulimit -f 0; "$crease" count --resume "$file" "$net" >"$dir/out" 2>"$dir/err")
ok; cmp -s "$dir/good" "$file" || fail "a full disk spoilt the checkpoint"

# ---- chaos ----
# chase WANT ARGUMENTS...: stops or kills a run at random moments until it is done,
# or that was often enough; then it may end.
seed=${CHAOS_SEED:-1}
chase() {
    want=$1
    shift
    rm -f "$file"
    code=1
    while [ $code -ne 0 ] && [ $failed -eq 0 ] && [ $((killed + asked)) -lt "$chaos" ]; do
        chance 6
        case $picked in 0) signal=TERM ;; 1) signal=INT ;; 2) signal=USR1 ;; *) signal=KILL ;; esac
        chance 3
        threads=$((picked + 1))
        moment 1 $latest
        stopped $signal "$moment" "$crease" count --quiet -t "$threads" \
            --checkpoint-every 0.02 --checkpoint "$file" "$@"
        ok; [ $code -ne 75 ] || [ -f "$file" ] || fail "chaos, $*: exit code 75 without a checkpoint"
    done
    run 0 count --quiet --checkpoint "$file" "$@"
    counted "chaos, $*" "$want"
    rm -f "$file".*
}
while [ $failed -eq 0 ] && [ $((killed + asked)) -lt "$chaos" ]; do
    chase $total "$net"
    if [ -n "$more" ]; then
        chase 14693 --engine walk data/breast-cancer-30-8-8-2.json
    else
        chase 3208 --engine walk --box=-1:1 data/iris-4-16-16-3.json
    fi
    chase 72239 --engine split --cell lp data/digits-64-10-8-10.json
done
echo "$self: $killed runs killed, $asked stopped"

finish
