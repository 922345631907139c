#!/bin/sh
# Counts in parts: shard, count --job, merge. The total is that of the plain count, whatever happens
# to the jobs on the way; results that are missing, incomplete, there twice or foreign are named.
#
# CHAOS: how many jobs are stopped or killed at random moments.
# shellcheck disable=SC2015
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
jobs=$dir/jobs
chaos=${CHAOS:-${more:+200}}
chaos=${chaos:-2}

# parts NUMBER ARGUMENTS...: the directory of a count in so many parts.
parts() {
    rm -rf "$jobs"
    number=$1
    shift
    run 0 shard --json -n "$number" -o "$jobs" "$@"
    json "0 <= r['jobs'] <= $number and r['largest'] < 2"
    made=$(field jobs)
}

# all_jobs: counts them one after the other, each by its directory and index or its file.
all_jobs() {
    index=0
    while [ "$index" -lt "$made" ]; do
        if [ $((index % 2)) -eq 0 ]; then
            run 0 count -t 1 --job "$jobs" --index "$index"
        else
            run 0 count -t 2 --job "$jobs/$(printf %04d "$index").job"
        fi
        same "$(field job) $(field complete)" "$index true" "job $index"
        index=$((index + 1))
    done
    [ "$made" -eq 0 ] || json "len(r['digest']) == 64 and r['host'] and r['seconds'] >= 0"
}

# total WANT: what merge says.
total() {
    run 0 merge --quiet "$jobs"
    printed "$1" "merge"
    run 0 merge --json "$jobs"
    json "r['regions'] == $1 and r['complete'] is True and r['jobs'] == $made"
    run 0 merge "$jobs"
}

# complains PATTERN: merge refuses and says so.
complains() {
    refuses_in_a_line merge "$jobs"
    says "$1" err
}

parts 4 --box=-1:1 data/iris-4-16-16-3.json
ok; [ "$made" -eq 4 ] || fail "$made jobs"
all_jobs
total 3208
if [ -n "$more" ]; then
    parts 12 data/diabetes-10-12-8-1.json
    all_jobs
    total 412051
    parts 7 --cell lp data/wine-13-10-10-3.json
    all_jobs
    total 98130
fi
if [ -n "$more" ]; then
    parts 9 data/braid-4.json
    all_jobs
    total 24
fi
parts 3 --box 0:1 data/fold-2d-4-4-4.json
all_jobs
run 0 count --quiet --box 0:1 data/fold-2d-4-4-4.json
total "$(cat "$dir/out")"

# ---- other domains ----
cat >"$dir/simplex.json" <<'JSON'
{"A": [[1, 1, 1, 1], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 0], [0, 0, 0, -1]], "b": [3, 0, 0, 0, 0]}
JSON
run 0 count --quiet --domain "$dir/simplex.json" data/iris-4-16-16-3.json
want=$(cat "$dir/out")
parts 2 --domain "$dir/simplex.json" data/iris-4-16-16-3.json
all_jobs
total "$want"
run 3 count --checkpoint "$dir/state" --domain "$dir/simplex.json" --limit-regions 10 data/iris-4-16-16-3.json
run 0 count --quiet --resume "$dir/state" --domain "$dir/simplex.json" data/iris-4-16-16-3.json
printed "$want" "a checkpoint in a simplex"
refuses_in_a_line count --resume "$dir/state" data/iris-4-16-16-3.json
refuses_in_a_line count --definition affine --checkpoint "$dir/state" data/iris-4-16-16-3.json

# ---- the jobs do not depend on the threads ----
for round in ${more:+1 2 3 4 5 6 7 8 9 10 11 12}; do
    rm -rf "$jobs"
    run 0 shard --threads 4 -n 4 -o "$jobs" data/digits-64-10-8-10.json
    [ "$round" -gt 1 ] || cp "$jobs/trunk" "$dir/first-trunk"
    ok; cmp -s "$jobs/trunk" "$dir/first-trunk" || fail "round $round: other jobs"
done

# ---- estimates ----
for known in iris-4-16-16-3:25455 ${more:+wine-13-10-10-3:98130 diabetes-10-12-8-1:412051}; do
    rm -rf "$jobs"
    run 0 shard --json -n 8 -o "$jobs" "data/${known%:*}.json"
    json "0 < r['standard_error'] < r['estimate'] / 3 and 'spread' not in r" "$known"
    json "abs(r['estimate'] - ${known#*:}) <= 3 * r['standard_error']" "$known"
done
# It is one standard error: that of the estimates of many seeds, near enough.
if [ -n "$more" ]; then
    for seed in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
        rm -rf "$jobs"
        run 0 shard --json --seed "$seed" -n 8 -o "$jobs" data/iris-4-16-16-3.json
        echo "$(field estimate) $(field standard_error)"
    done >"$dir/seeds"
    ok; awk '{ s += $1; q += $1 * $1; e += $2 * $2 }
        END { r = sqrt((q - s * s / NR) / (NR - 1) / (e / NR)); exit !(NR == 16 && r > 1 / 3 && r < 3) }' "$dir/seeds" ||
        fail "not the standard error: $(cat "$dir/seeds")"
fi
# Without CREASE_LONG in a box, and so shorter.
box=${more:+-q}
box=${box:---box=-1:1}
run 0 count --quiet "$box" data/diabetes-10-12-8-1.json
whole=$(cat "$dir/out")
run 0 count --quiet --progress json --progress-every 0.05 "$box" data/diabetes-10-12-8-1.json
ok; python3 - "$dir/err" "$whole" <<'PY2' || fail "progress as JSON"
import json, sys
whole = int(sys.argv[2])
lines = [json.loads(line) for line in open(sys.argv[1])]
for r in lines:
    assert abs(r["estimate"] - whole) <= 3 * r["estimate_standard_error"] < r["estimate"]
    assert not [key for key in r if "low" in key or "high" in key or "interval" in key]
    left = r["seconds_left"]
    assert left is None if r["regions"] == 0 or r["regions"] > r["estimate"] else left >= 0
    assert 0 <= r["closed"] <= 1 and (r["open"] > 0 or r["regions"] == whole)
    assert 0 <= r["regions"] <= whole and r["memory_bytes"] > 0
assert lines and [r["regions"] for r in lines] == sorted(r["regions"] for r in lines)
PY2

# ---- how far the jobs are, and what merge refuses ----
# status EXPRESSION: about what crease status says.
status() {
    run 0 status --json "$jobs"
    json "$1" "status"
}
parts 6 data/breast-cancer-30-8-8-2.json
complains 'missing 0, 1, 2, 3, 4, 5'
status "r['jobs'] == r['missing'] == 6 and r['not_done'] == [0, 1, 2, 3, 4, 5] and r['seconds_left'] is None"
outside=$(field regions)
run 3 count --job "$jobs" --index 2 --limit-regions 10
found=$(field regions)
status "r['stopped'] == 1 and r['missing'] == 5 and r['regions'] == $outside + $found < 14693 and not r['complete']"
run 0 count --job "$jobs" --index 4
fourth=$(field regions)
status "r['done'] == 1 and r['not_done'] == [0, 1, 2, 3, 5] and r['regions'] == $outside + $found + $fourth and r['seconds_left'] > 0"
all_jobs
status "r['done'] == 6 and r['complete'] and r['regions'] == 14693 and r['seconds_left'] == 0 and r['not_done'] == []"
run 0 status "$jobs"
says '^jobs       6: 6 done, 0 running, 0 stopped, 0 missing$' out
says '^regions    14693, proved$' out
cp "$jobs/0003.result" "$dir/kept"
rm "$jobs/0003.result"
complains 'missing 3'
# What the checkpoint has is counted; it says that the job runs if it is a few minutes old.
status "r['done'] == 5 and r['running'] == 1 and r['regions'] == 14693 and not r['complete']"
touch -d '10 minutes ago' "$jobs/0003.state"
status "r['done'] == 5 and r['running'] == 0 and r['stopped'] == 1"
mv "$jobs/0003.state" "$dir/state"
cp "$jobs/0002.state" "$jobs/0003.state"
status "r['missing'] == 1 and r['regions'] < 14693"
mv "$dir/state" "$jobs/0003.state"
cp "$jobs/0002.result" "$jobs/0003.result"
complains 'missing 3; there twice 2'
status "r['foreign_results'] == 1 and r['done'] == 4"
sed 's/"complete":true/"complete":false/' "$dir/kept" >"$jobs/0003.result"
complains 'incomplete 3'
sed 's/"network":"./"network":"-/' "$dir/kept" >"$jobs/0003.result"
complains 'missing 3; foreign or damaged 0003.result'
sed 's/"digest":"./"digest":"-/' "$dir/kept" >"$jobs/0003.result"
complains 'foreign or damaged 0003.result'
sed 's/"regions":[0-9]*/"regions":-7/' "$dir/kept" >"$jobs/0003.result"
complains 'foreign or damaged 0003.result'
head -c 100 "$dir/kept" >"$jobs/0003.result"
complains 'foreign or damaged 0003.result'
cp "$dir/kept" "$jobs/0003.result"
cp "$dir/kept" "$jobs/again.result"
complains 'there twice 3'
rm "$jobs/again.result"
total 14693
cp "$jobs/trunk" "$dir/trunk"
head -c 300 "$dir/trunk" >"$jobs/trunk"
complains 'truncated or altered'
rm "$jobs/trunk"
refuses_in_a_line merge "$jobs"
refuses_in_a_line merge "$dir/none"
refuses_in_a_line status "$dir/none"
refuses_in_a_line status "$jobs"
cp "$dir/trunk" "$jobs/trunk"

# ---- a certificate in parts ----
check=${CREASE_CHECK:-${BUILD:-build}/crease-check}

# checks CODE WHAT ARGUMENTS...: crease-check says so.
checks() {
    code=$1
    what=$2
    shift 2
    exits "$code" "$check" "$@"
    cat "$dir/err" >>"$dir/out"
    says "$what" out
}

# certified REGIONS DOMAIN...: certificates of all jobs and of the trunk prove the number, at once
# and one by one.
certified() {
    want=$1
    shift
    run 0 certify --quiet -t 2 --trunk "$jobs"
    outside=$(cat "$dir/out")
    index=0
    while [ "$index" -lt "$made" ]; do
        run 0 certify -t $((index % 3 + 1)) --job "$jobs" --index "$index"
        same "$(field job) $(field complete)" "$index true" "certificate $index"
        line="^part $index $(field regions)$"
        checks 0 '^end$' --part "$@" "$jobs/network.json" "$jobs/trunk.cert.zst" \
            "$jobs/$(printf %04d "$index").cert.zst"
        says "$line" out
        says "^regions $outside$" out
        cp "$dir/out" "$jobs/$index.verdict"
        index=$((index + 1))
    done
    total "$want"
    if [ "$made" -eq 0 ]; then
        checks 0 "^VERIFIED $want regions$" "$@" "$jobs/network.json" "$jobs/trunk.cert.zst"
    else
        checks 0 "^VERIFIED $want regions$" "$@" "$jobs/network.json" "$jobs/trunk.cert.zst" \
            "$jobs"/0*.cert.zst
        checks 0 "^VERIFIED $want regions$" --total "$@" "$jobs/network.json" "$jobs"/*.verdict
    fi
}

# nodes CERTIFICATE...: those that prove something.
nodes() {
    for file; do
        "$check" --dump "$file"
    done | sed -n 's/^[0-9]* *\(LEAF\|FORCE\|COUNT\)/\1/p' | sort
}

# Parts have the nodes that a whole certificate has there, as these depend on the path to their cell alone,
# also where some cells know rays far away better than others.
parts 6 tests/regress/far-away.json
certified 160
run 0 certify --quiet -t 1 -o "$dir/far" tests/regress/far-away.json
nodes "$dir/far" >"$dir/far.whole"
nodes "$jobs"/*.cert.zst >"$dir/far.parts"
ok; cmp -s "$dir/far.whole" "$dir/far.parts" || fail "parts have other nodes than the whole"

if [ -n "$more" ]; then
    parts 2 --cell lp data/moons-2-16-16-2.json
    certified 648
    parts 12 data/iris-4-16-16-3.json
    certified 25455
    parts 9 data/braid-4.json
    certified 24
fi
run 0 make random --maxout 3 --inputs 3 --widths 6,5 --seed 3 -o "$dir/maxout.json"
run 0 count --quiet "$dir/maxout.json"
want=$(cat "$dir/out")
parts 2 "$dir/maxout.json"
certified "$want"
run 0 count --quiet --domain "$dir/simplex.json" data/iris-4-16-16-3.json
want=$(cat "$dir/out")
parts 2 --domain "$dir/simplex.json" data/iris-4-16-16-3.json
certified "$want" --domain "$dir/simplex.json"
checks 1 'certificate is for the domain' "$jobs/network.json" "$jobs/trunk.cert.zst" "$jobs"/0*.cert.zst
parts 6 data/breast-cancer-30-8-8-2.json
certified 14693
cp "$jobs/0002.cert.zst" "$dir/part.cert.zst"
checks 2 'missing: 4' "$jobs/network.json" "$jobs/trunk.cert.zst" "$jobs"/000[01235].cert.zst
checks 2 'missing: 1, 2, 3, 4, 5' --total "$jobs/network.json" "$jobs/0.verdict"
checks 2 'part 1 is there twice' --part "$jobs/network.json" "$jobs/trunk.cert.zst" \
    "$jobs/0001.cert.zst" "$jobs/0001.cert.zst"
checks 2 'this is a part' "$jobs/network.json" "$jobs/0000.cert.zst"
checks 2 'no part' "$jobs/network.json" "$jobs/trunk.cert.zst" "$jobs/trunk.cert.zst"
run 0 certify -o "$dir/whole" data/breast-cancer-30-8-8-2.json
checks 2 'whole' "$jobs/network.json" "$dir/whole" "$jobs/0000.cert.zst"
checks 2 'whole' --part "$jobs/network.json" "$dir/whole"
checks 0 'ELSEWHERE' --dump "$jobs/trunk.cert.zst"
exits 0 "$check" --dump "$jobs/0002.cert.zst"
ok; grep -q '^part 2$' "$dir/out" || fail "no part 2 in its text"
sed 's/^regions .*/regions 7777/' "$jobs/0.verdict" >"$jobs/7.verdict"
checks 2 'expected' --total "$jobs/network.json" "$jobs"/*.verdict
sed 's/^part 0 .*/part 0 1/' "$jobs/0.verdict" >"$jobs/7.verdict"
checks 2 'contradict each other on part 0' --total "$jobs/network.json" "$jobs"/*.verdict
grep -v end "$jobs/0.verdict" >"$jobs/7.verdict"
checks 2 'expected end' --total "$jobs/network.json" "$jobs"/*.verdict
rm "$jobs/7.verdict"
# Parts of another division fit nowhere.
rm -rf "$dir/other"
mv "$jobs" "$dir/other"
parts 5 data/breast-cancer-30-8-8-2.json
certified 14693
checks 1 REJECTED "$jobs/network.json" "$jobs/trunk.cert.zst" "$jobs"/000[0134].cert.zst "$dir/part.cert.zst"
checks 2 'expected' --total "$jobs/network.json" "$jobs"/*.verdict "$dir/other"/*.verdict
run 3 certify --job "$jobs" --index 0 --limit-regions 10 -o "$dir/stopped"
ok; [ ! -e "$dir/stopped" ] || fail "a certificate of a job that was stopped"
refuses certify --job "$jobs" --index 1 data/iris-4-16-16-3.json
refuses certify --trunk "$jobs" --index 1
refuses_in_a_line certify --trunk "$dir/none"
refuses_in_a_line certify --job "$jobs" --index 0 --engine walk
refuses_in_a_line certify --trunk "$jobs" --cell lp
cp "$jobs/0001.job" "$jobs/0000.job"
refuses_in_a_line certify --trunk "$jobs"
rm -rf "$jobs"
mv "$dir/other" "$jobs"
made=6

# ---- a signal before the jobs are made ----
big_network >"$dir/big.json"
"$crease" shard -n 1000000 -o "$dir/never" "$dir/big.json" >"$dir/out" 2>"$dir/err" </dev/null &
child=$!
waits 600 catches $child
kill -s TERM $child
wait $child
code=$?
child=
ok; [ $code -eq 3 ] || fail "a signal to shard: exit code $code"
says 'never: stopped before the jobs were made$' err
ok; [ ! -e "$dir/never" ] || fail "shard that was stopped leaves a directory"

# ---- jobs that are refused ----
refuses_in_a_line shard -o "$jobs" data/iris-4-16-16-3.json
refuses shard data/iris-4-16-16-3.json
refuses count --index 1 data/iris-4-16-16-3.json
refuses count --job "$jobs" --index 1 data/iris-4-16-16-3.json
refuses_in_a_line count --job "$jobs" --index 6
refuses_in_a_line count --job "$jobs/none.job"
refuses_in_a_line count --job "$jobs/0000.job" --cell lp
cp data/iris-4-16-16-3.json "$jobs/network.json"
refuses_in_a_line count --job "$jobs/0000.job"
says 'another network' err
head -c 400 "$jobs/0000.job" >"$jobs/0001.job"
refuses_in_a_line count --job "$jobs/0001.job"

# ---- killed and stopped jobs ----
net=data/wine-13-10-10-3.json
whole=98130
[ -z "$more" ] || { net=data/diabetes-10-12-8-1.json && whole=412051; }
parts 3 "$net"
run 3 count --job "$jobs" --index 0 --limit-regions 1000
json 'r["complete"] is False'
complains 'incomplete 0'

# A signal while the network is read.
mv "$jobs/network.json" "$dir/network.json"
mkfifo "$jobs/network.json"
"$crease" count --job "$jobs" --index 1 >"$dir/out" 2>"$dir/err" &
child=$!
# Only once the other side is open.
exec 3>"$jobs/network.json"
kill -s USR1 $child
cat "$dir/network.json" >&3
exec 3>&-
wait $child
code=$?
child=
ok; [ $code -eq 75 ] || fail "SIGUSR1 while reading: exit code $code: $(cat "$dir/err")"
json 'r["complete"] is False'
rm "$jobs/network.json"
mv "$dir/network.json" "$jobs/network.json"

# ---- chaos ----
seed=${CHAOS_SEED:-7}
while :; do
    index=0
    while [ $index -lt "$made" ] && [ $failed -eq 0 ]; do
        code=1
        while [ $code -ne 0 ] && [ $failed -eq 0 ] && [ $((killed + asked)) -lt "$chaos" ]; do
            chance 4
            case $picked in 0) signal=TERM ;; 1) signal=USR1 ;; *) signal=KILL ;; esac
            chance 3
            threads=$((picked + 1))
            moment 1 200
            stopped $signal "$moment" "$crease" count -t $threads --checkpoint-every 0.02 --job "$jobs" \
                --index $index
            ok; [ $code -ne 75 ] || [ -f "$jobs/000$index.state" ] ||
                fail "job $index: exit code 75 without a checkpoint"
        done
        [ $code -eq 0 ] || run 0 count --job "$jobs" --index $index
        index=$((index + 1))
    done
    total $whole
    [ $failed -eq 0 ] && [ $((killed + asked)) -lt "$chaos" ] || break
    parts 3 "$net"
done
echo "$self: $killed runs killed, $asked stopped"

finish
