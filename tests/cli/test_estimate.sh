#!/bin/sh
# crease estimate: the report and its JSON, the same numbers for all numbers of threads, signals,
# limits and options that make no sense.  What the numbers are worth is tested in
# tests/search/test_estimate.c.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
net=data/iris-4-16-16-3.json
total=25455
big=$dir/big.json
big_network >"$big"

# ---- All regions are counted ----
run 0 estimate --leaves=1000000 "$net"
says "^regions    $total, all of them counted, proved\$" out
run 0 estimate --json --leaves=1000000 "$net"
json "r['exact'] and r['complete'] and r['estimate'] == r['low'] == r['high'] == $total"
json "r['proved_lower'] == r['proved_upper'] == $total"
run 0 estimate --quiet --leaves=1000000 "$net"
same "$(cat "$dir/out")" $total "estimate --quiet"

# A network that is too large for bounds: one input, 4097 units.
awk 'BEGIN {
    n = 4097
    printf "{\"input\":1,\"layers\":[{\"activation\":\"relu\",\"weight\":["
    for (i = 0; i < n; i++) printf "%s[1]", i ? "," : ""
    printf "],\"bias\":["
    for (i = 0; i < n; i++) printf "%s%d", i ? "," : "", -i
    printf "]},{\"activation\":\"linear\",\"weight\":[["
    for (i = 0; i < n; i++) printf "%s1", i ? "," : ""
    print "]],\"bias\":[0]}]}"
}' >"$dir/wide.json"
run 0 estimate --json --leaves=1000000 "$dir/wide.json"
json "r['exact'] and r['proved_lower'] == r['proved_upper'] == 4098"

# ---- They are not ----
keys='estimate standard_error low high confidence replicates leaves largest_share proved_lower proved_upper'
run 0 estimate --json --leaves=200 --seed=3 "$net"
for key in $keys; do
    json "r['$key'] is not None and r['$key'] >= 0" "$key"
done
json "'regions' not in r" "an estimate is no count"
json "r['seed'] == 3 and r['confidence'] == 0.95 and r['replicates'] == 20 and not r['exact']"
json "r['low'] < r['estimate'] < r['high']"
json "abs(r['high'] - r['estimate'] - 2.0930240544 * r['standard_error']) < 1e-6 * r['estimate']"
json "0 < r['proved_lower'] <= $total <= r['proved_upper'] and 0 < r['largest_share'] < 1"
json "r['converges'] == (r['spread'] <= 1)"
sed 's/"threads": .*//; s/"seconds": .*//' "$dir/out" >"$dir/one"
for threads in 1 3; do
    run 0 estimate --json --leaves=200 --seed=3 --threads=$threads "$net"
    sed 's/"threads": .*//; s/"seconds": .*//' "$dir/out" >"$dir/other"
    ok; cmp -s "$dir/one" "$dir/other" || fail "another estimate by $threads threads"
done
run 0 estimate --json --leaves=200 --seed=4 "$net"
sed 's/"threads": .*//; s/"seconds": .*//' "$dir/out" >"$dir/other"
ok; ! cmp -s "$dir/one" "$dir/other" || fail "the same estimate for two seeds"
run 0 estimate --json --leaves=200 --seed=4 --progress=always "$net"
same "$(sed -n 's/ of 20 replicates, .* left$//p' "$dir/err" | xargs)" "$(seq 20 | xargs)" "lines of progress"
says '^20 of 20 replicates, 0 s left$' err
# progress HAD BEFORE: lines of progress in JSON, where HAD replicates were there, made in BEFORE seconds.
# From the time left follows the time that has passed; it never falls, nor exceeds that of the run.
progress() {
    all=$(cat "$dir/out")
    lines=$(sed -n '/^{"replicates"/p' "$dir/err" | paste -sd, -)
    printf '{"all":%s,"lines":[%s],"had":%d,"before":%d}' "$all" "$lines" "$1" "$2" >"$dir/out"
    json "[x['replicates'] for x in r['lines']] == list(range(r['had'] + 1, 21))" "replicates that are finished"
    json "all(x['of'] == 20 and x['seconds_left'] >= 0 for x in r['lines'])" "replicates and the time left"
    json "r['lines'][-1]['seconds_left'] == 0" "no time left in the end"
    json "(lambda t: all(x <= y * 1.0001 for x, y in zip(t, t[1:])))([
        x['seconds_left'] / (20 - x['replicates']) * (x['replicates'] - r['had']) for x in r['lines'][:-1]]
        + [r['all']['seconds'] - r['before']])" "the time that has passed"
}
run 0 estimate --json --leaves=200 --seed=4 --progress=json "$net"
progress 0 0
run 0 estimate --leaves=200 --confidence=99% "$net"
says 'about .* (.* to .* with 99 % confidence; unbiased, not proved)$' out
says 'at least [0-9]* and at most [0-9]*, proved' out
run 0 make random --inputs=20 --widths=40 --seed=1 -o "$dir/layer.json"
run 0 estimate --leaves=20 "$dir/layer.json"
says '^warning    .*the replicates spread by ' out
run 0 make random --inputs=8 --widths=24,24 --seed=1 -o "$dir/wide.json"
run 0 estimate --leaves=20 "$dir/wide.json"
says '^warning    the estimate does not converge' out

# Trials of deep networks follow one path.
if [ -n "${CREASE_LONG:-}" ]; then
    run 0 make random --inputs=34 --widths=60,50 --seed=1 -o "$dir/deeper.json"
    run 0 estimate --json --leaves=20 --box=-1:1 "$dir/deeper.json"
    json "r['complete'] and r['replicates'] == r['leaves'] == 20 and r['estimate'] > 1e6"
fi

# ---- Plans ----
run 0 make random --inputs=4 --widths=16,16,16 --seed=1 -o "$dir/deep.json"
run 0 estimate --error=30% "$dir/deep.json"
says 'leaves will take about' err
run 0 estimate --json --seconds=0.3 --box=-1:1 "$net"
json "r['complete'] and r['domain'] == '-1:1'"

# ---- Stops ----
run 3 estimate --leaves=1000000000 --limit-seconds=0.5 "$big"
says 'stopped at the time limit' out
run 3 estimate --json --leaves=1000000000 --limit-seconds=0.5 "$big"
json "not r['complete'] and r['stopped'] == 'at the time limit' and r['least'] is None and r['proved_lower'] > 0"
# terminated CODE ARGUMENTS...: an estimate that has no end gets SIGTERM.  It loses the folder $lost.
lost=
terminated() {
    wanted=$1
    shift
    "$crease" estimate --leaves=1000000000 "$@" "$big" >"$dir/out" 2>"$dir/err" &
    child=$!
    waits 60 catches $child
    if [ -n "$lost" ]; then
        waits 60 test -f "$lost/state"
        rm -r "$lost"
        waits 60 grep -q 'goes on without a new checkpoint' "$dir/err"
    fi
    kill -s TERM $child
    wait $child
    code=$?
    child=
    ok; [ $code -eq "$wanted" ] || fail "SIGTERM $*: exit code $code"
}
terminated 3
says 'by a signal' out

# ---- Checkpoints ----
# without_clock FROM TO
without_clock() {
    sed 's/"threads": .*//; s/"seconds": .*//' "$1" >"$2"
}
state=$dir/state
set -- --json --leaves=400 --seed=3 "$net"
run 0 estimate "$@"
without_clock "$dir/out" "$dir/one"
run 0 estimate --checkpoint="$state" --checkpoint-every=0.02 "$@"
without_clock "$dir/out" "$dir/other"
ok; cmp -s "$dir/one" "$dir/other" || fail "another estimate with a checkpoint"
cp "$state" "$dir/whole"
# alter EDIT...: $state, $state.2, $state.3, ...: $dir/whole after each edit of its lines, the list s.
alter() {
    python3 - "$dir/whole" "$state" "$@" <<'EOS'
import hashlib, sys
for i, edit in enumerate(sys.argv[3:], 1):
    s = open(sys.argv[1]).read().split("\n")[:-2]
    at = next(i for i, line in enumerate(s) if line.startswith("replicates "))
    exec(edit)
    text = "\n".join(s) + "\n"
    seal = hashlib.sha256(text.encode()).hexdigest()
    open(sys.argv[2] + (f".{i}" if i > 1 else ""), "w").write(f"{text}sha256 {seal}\n")
EOS
}
# Replicates that are missing are made again.
alter 'assert s[at] == "replicates 20"; s[at] = "replicates 12"; del s[at + 6:at + 14]
s = ["seconds 1000" if l.startswith("seconds ") else l for l in s]'
run 0 estimate --threads=2 --progress=json --resume="$state" "$@"
without_clock "$dir/out" "$dir/other"
progress 12 1000
ok; cmp -s "$dir/one" "$dir/other" || fail "another estimate after a resume"
ok; sed 's/^seconds .*//; /^sha256/d' "$dir/whole" >"$dir/a"
sed 's/^seconds .*//; /^sha256/d' "$state" | cmp -s "$dir/a" - || fail "another state after a resume"
# Those that are there are not.
alter 'w = s[at + 1].split(); w[1] = "1"; s[at + 1] = " ".join(w)
s = ["seconds 1000" if l.startswith("seconds ") else l for l in s]'
run 0 estimate --resume="$state" "$@"
json "r['seconds'] > 1000" "the time of all runs"
without_clock "$dir/out" "$dir/other"
ok; ! cmp -s "$dir/one" "$dir/other" || fail "a replicate was made again"
# What fits no estimate.
alter pass 's[at + 1] = "20" + s[at + 1][1:]' 's[at + 2] = s[at + 1]' 's.append("1")' \
    's = [l.replace("step 4", "step 5") for l in s]' 's[at - 1] = "99999999 1"' \
    's[at - 1] = "0 1"' 's[at - 1] = "99999998 nan"' \
    's = [l.replace("upper ", "upper x") for l in s]' 'del s[at + 1:]' \
    's = ["pilots 0.5 " + l.split(" ", 2)[2] if l.startswith("pilots ") else l for l in s]' \
    's[at + 1] = "4000000" + s[at + 1][1:]' \
    's = [l.replace("plan 400 10 0 ", "plan 400 11 0 ") for l in s]' \
    's = [l.replace("plan 400 10 0 ", "plan 400 10 0.05 ") for l in s]' \
    's = [l.replace("plan 400 10 0 0.9", "plan 400 10 0 0.8") for l in s]'
for number in 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    refuses_in_a_line estimate --resume="$state.$number" "$@"
done
cp "$dir/whole" "$state"
refuses_in_a_line estimate --checkpoint="$state" --json --leaves=400 --seed=4 "$net"
says 'of --seed=3, not 4; it is not replaced' err
refuses_in_a_line estimate --checkpoint="$state" --json --leaves=500 --seed=3 "$net"
says 'of another plan' err
refuses_in_a_line estimate --resume="$state" --json --leaves=400 --seed=3 --cell=lp "$net"
refuses_in_a_line estimate --resume="$state" --json --leaves=400 --seed=3 --box=0:1 "$net"
refuses_in_a_line estimate --resume="$state" --json --leaves=400 --seed=3 "$big"
refuses_in_a_line count --resume="$state" "$net"
refuses_in_a_line estimate --resume="$dir/none" --leaves=400 "$net"
ok; cmp -s "$dir/whole" "$state" || fail "a checkpoint was replaced"
# A signal; then kills, at random moments, until an estimate is done.
rm "$state"
terminated 75 --checkpoint="$state"
says '^checkpoint .*: run again to go on$' out
rm "$state"
# A file that cannot be written, at first or at the end.
refuses_in_a_line estimate --checkpoint="$dir/none/state" "$@"
lost=$dir/lost
mkdir "$lost"
terminated 2 --checkpoint="$lost/state" --checkpoint-every=0.02
touch -d '2 days ago' "$state.unfinished-abcdef"
set -- --json --error=40% --seed=1 "$dir/deep.json"
run 0 estimate "$@"
without_clock "$dir/out" "$dir/one"
for delay in ${more:+0.05 0.1} 0.2 0.3; do
    timeout -s KILL "$delay" "$crease" estimate --checkpoint="$state" --checkpoint-every=0.05 "$@" \
        >/dev/null 2>&1
done
run 0 estimate --threads=2 --checkpoint="$state" "$@"
without_clock "$dir/out" "$dir/other"
ok; cmp -s "$dir/one" "$dir/other" || fail "another estimate after kills"
ok; [ ! -e "$state.unfinished-abcdef" ] || fail "a temporary file of a killed run is left"

# ---- Options ----
for bad in --error=0 --error=5% --error=x --seconds=0 --leaves=5 --leaves=1.5 --confidence=1 \
    --confidence=100% --engine=split --definition=affine --certificate=x; do
    refuses estimate "$bad" --seconds=1 "$net"
done
refuses_in_a_line estimate --error=5% --leaves=20 "$net"
refuses_in_a_line estimate --seconds=1 --leaves=20 "$net"
refuses_in_a_line estimate --quiet --json "$net"
refuses_in_a_line estimate "$dir/none.json"
refuses_in_a_line estimate --box=1:0 "$net"
refuses count --leaves=20 "$net"

finish
