#!/bin/sh
# Black-box tests of the command line: exit codes, streams, JSON, limits, signals.
# CREASE names the program (default build/crease); run from the repository root.
set -u
. tests/support/shell.sh
net=${CREASE_NET:-data/iris-4-16-16-3.json}

[ -x "$crease" ] || die "no program $crease"
[ -r "$net" ] || die "no network $net"

big_network >"$dir/big.json"
cat >"$dir/five.json" <<'NET'
{"input": 2, "layers": [
 {"weight": [[1, 0], [0, 1], [0, -1]], "bias": [0, 0, 0], "activation": "relu"},
 {"weight": [[1, -1, 1], [1, 0, 0]], "bias": [0, 0], "activation": "relu"},
 {"weight": [[1, -1]], "bias": [0], "activation": "linear"}]}
NET

# ---- Help and version ----
run 0 --help
says count out
run 0 count --help
for option in --box --threads --json --limit-regions --limit-seconds --limit-memory --start \
    --progress --quiet --engine --lp --definition; do
    says "$option" out
done
run 0 info --help
run 0 --version
ok; grep -Eq '[0-9]+\.[0-9]+\.[0-9]+' "$dir/out" || fail "--version prints no version"

# ---- Usage ----
refuses
refuses nonsense
refuses --nonsense
refuses count
refuses count --nonsense "$net"
refuses count -Z "$net"
refuses info
refuses info --nonsense "$net"
refuses count "$net" "$net"
refuses count "$net" --box
refuses count --threads 0x "$net"
refuses count --threads -1 "$net"
refuses count --threads two "$net"
refuses count --threads 99999999999999999999 "$net"
refuses count --engine nonsense "$net"
refuses count --lp nonsense "$net"
refuses count --progress=maybe "$net"
refuses count --limit-regions -5 "$net"
refuses count --limit-regions many "$net"
refuses count --limit-seconds soon "$net"
refuses count --limit-seconds -1 "$net"
refuses count --limit-seconds nan "$net"
refuses count --json=yes "$net"

# ---- Options that would have no effect ----
# no_effect "NAME... in the message" ARGUMENTS...
no_effect() {
    words=$1
    shift
    refuses_in_a_line "$@"
    for word in $words; do
        says "$word" err
    done
}
echo '{"box": [[-1, 1], [-1, 1]]}' >"$dir/box.json"
five=$dir/five.json
no_effect "--box=0:1 --box=0:2" count --box 0:1 --box 0:2 "$five"
no_effect "--domain --box" count --box 0:1 --domain "$dir/box.json" "$five"
no_effect "--vnnlib --box" count --box 0:1 --vnnlib "$dir/x" "$five"
no_effect "--vnnlib --domain" count --domain "$dir/box.json" --vnnlib "$dir/x" "$five"
no_effect "--slice --vnnlib" count --slice "$dir/x" --vnnlib "$dir/x" "$five"
no_effect "--part --vnnlib" count --part 1 "$five"
no_effect "--domain-output --vnnlib --domain" convert --domain-output "$dir/x" "$five" "$dir/x.json"
no_effect "--domain --domain-output" convert --domain "$dir/box.json" "$five" "$dir/x.json"
for command in count "certify -o $dir/x" compare; do
    # shellcheck disable=SC2086 # a command of several words
    no_effect "--cell --engine=walk" $command --engine walk --cell rays "$five"
done
no_effect "--cell --definition=affine" count --cell lp --definition affine "$five"
no_effect "--cell --definition=open-connected" count --cell lp --definition open-connected "$five"
no_effect "--start --engine=walk" count --start 0,0 "$five"
no_effect "--start --engine=walk" certify --engine split --start 0,0 -o "$dir/x" "$five"
no_effect "--start --engine=walk --definition=affine" count --definition activation --start 0,0 "$five"
no_effect "--start --resume" count --engine walk --start 0,0 --resume "$dir/x" "$five"
no_effect "--start --job" count --engine walk --start 0,0 --job "$dir/x"
no_effect "--start --trunk" certify --start 0,0 --trunk "$dir/x"
no_effect "--checkpoint-every --checkpoint --resume --job" count --checkpoint-every 1 "$five"
no_effect "--index --job" count --index 1 "$five"
no_effect "--checkpoint --job" count --checkpoint "$dir/x" --job "$dir/x"
no_effect "--resume --job" count --resume "$dir/x" --job "$dir/x"
no_effect "--engine=walk --job" count --engine walk --job "$dir/x"
no_effect "--job --trunk" certify --trunk "$dir/x" --job "$dir/x"
no_effect "--engine=walk --trunk" certify --trunk "$dir/x" --engine walk
no_effect "--progress --trunk" certify --trunk "$dir/x" --progress always
no_effect "--progress-every --trunk" certify --trunk "$dir/x" --progress-every 1
for option in --box=0:1 --domain="$dir/x" --vnnlib="$dir/x" --slice="$dir/x" --weights=decimal \
    --activation=relu --layers=fc --nnet-normalise --batch=all; do
    no_effect "${option%%=*} --job" count --job "$dir/x" "$option"
    no_effect "${option%%=*} --trunk" certify --trunk "$dir/x" "$option"
    no_effect "${option%%=*} widths" bound "$option" 2,3
done
no_effect "--progress=always --quiet" count --quiet --progress always "$five"
no_effect "--progress-every --progress=never" count --progress never --progress-every 1 "$five"
no_effect "--progress-every --quiet --progress=json" count --quiet --progress-every 1 "$five"
run 0 count --quiet --progress json --progress-every 1 "$five"
no_effect "--csv --json" compare --csv --json "$five"
no_effect "--quiet --json" merge --quiet --json "$dir/x"
no_effect "--definition --along" count --definition=affine --along "$dir/x" "$five"
no_effect "--definition --lines" count --definition=affine --lines 5 "$five"
no_effect "--json --output --graph --at" regions --json "$five"
for command in regions sample boundary; do
    no_effect "--json --output=-" $command --json -o - "$five"
done
no_effect "--mean --output=-" sample --mean=facets -o - "$five"
no_effect "--csv --output=-" boundary --csv -o - "$five"
no_effect "--x --plot" compare --x depth "$five"
no_effect "--seed random" make fold --seed 1 --inputs 2 --widths 2 -o "$dir/x.json"
run 0 count --quiet --start 0,0 --definition affine "$five"
run 0 count --quiet --cell lp --engine split "$five"

# ---- Input ----
refuses count "$dir/missing.json"
says missing.json err
refuses count --json "$dir/missing.json"
refuses info "$dir/missing.json"
refuses count "$dir"
: >"$dir/empty.json"
refuses count "$dir/empty.json"
head -c 300 "$net" >"$dir/cut.json"
refuses count "$dir/cut.json"
says cut.json err
refuses info "$dir/cut.json"
echo '{"input": 1, "layers": [{"weight": [[NaN]], "bias": [0], "activation": "linear"}]}' >"$dir/nan.json"
refuses count "$dir/nan.json"
for box in '' : 1 1:1 2:1 a:b 0:1,0:1 0:1,0:1,0:1,0:1,0:1 0:inf nan:1 0:1/0 0:1e999999999 '0:1,'; do
    refuses count --box "$box" "$net"
done
for start in '' 1,2 1,2,3,4,5 a,b,c,d; do
    refuses count --engine walk --start "$start" "$net"
done

# ---- Counts ----
run 0 count "$dir/five.json"
ok; grep -Eq '(^|[^0-9.])5([^0-9.]|$)' "$dir/out" || fail "no 5 in the report"
ok; grep -qi proved "$dir/out" || fail "the report does not say proved"
run 0 count --json "$dir/five.json"
json 'r["regions"] == 5 and type(r["regions"]) is int and r["complete"] is True'
json 'r["proved"] is True and r["threads"] >= 1 and r["seconds"] >= 0'
json 'all(k in r for k in ("domain", "engine", "lp", "peak_rss_bytes", "network", "decisions"))'
json 'type(r["peak_rss_bytes"]) is int and r["peak_rss_bytes"] > 100000'
json 'len(r["network"]["digest"]) == 64 and r["network"]["widths"] in ([2, 3, 2, 1], [3, 2, 1])'
json 'isinstance(r["decisions"], dict) and len(r["decisions"]) >= 3'
json 'all(isinstance(v, (int, float)) for v in r["decisions"].values())'
run 0 count --json "$net"
total=$(field regions)
json 'r["complete"] is True and r["regions"] > 1000'
run 0 count --json --box -1:1 "$net"
boxed=$(field regions)
json "0 < r['regions'] < $total"
run 0 count --json --box=-1:1,-1:1,-1:1,-1:1 --threads 1 "$net"
json "r['regions'] == $boxed and r['threads'] == 1"
run 0 count --json --box -1:1 --threads 3 --progress=always "$net"
json "r['regions'] == $boxed and r['threads'] == 3"
run 0 count --json --box -1:1 --start 0,0,0,0 --engine walk "$net"
json "r['regions'] == $boxed and r['engine'] == 'walk'"
run 0 count --json --box 1/4:1/2,0:1 "$dir/five.json"
json "r['regions'] == 2"
for engine in walk split; do
    for lp in glpk dense; do
        "$crease" count --json --engine $engine --lp $lp "$dir/five.json" >"$dir/out" 2>"$dir/err"
        code=$?
        grep -q 'engine not available' "$dir/err" && continue
        ok; [ $code -eq 0 ] || fail "--engine $engine --lp $lp: exit code $code"
        json "r['regions'] == 5 and r['engine'] == '$engine' and r['lp'] == '$lp'" "$engine $lp"
    done
done

# ---- Definitions ----
run 0 count --json --definition activation "$dir/five.json"
json "r['regions'] == 5 and r['definition'] == 'activation' and r['counts']['activation'] == 5"
for name in open-connected affine; do
    run 0 count --json --definition $name "$dir/five.json"
    json "r['regions'] == 3 and r['definition'] == '$name' and r['engine'] == 'walk'" $name
    json "r['counts']['activation'] == 5 and r['counts']['open-connected'] == 3" $name
    json "r['complete'] is True and r['proved'] is True" $name
    json "('affine' in r['counts']) == ('$name' == 'affine')" $name
    run 0 count --definition $name --engine walk "$dir/five.json"
    says "3 $name, complete, proved" out
    run 0 count --quiet --definition $name "$dir/five.json"
    printed 3 "$name, --quiet"
    refuses count --definition $name --engine split "$dir/five.json"
    says "engine: split counts activation regions alone" err
    # A class found so far is no lower bound, as classes grow together; different maps are.
    run 3 count --json --definition $name --limit-regions 3 "$dir/five.json"
    json "r['complete'] is False and 1 <= r['regions'] <= 3 and r['counts']['activation'] >= 3" $name
    json "'open-connected' not in r['counts'] and 'affine' not in r['counts']" $name
    run 3 count --definition $name --limit-regions 3 "$dir/five.json"
    for words in "regions    at least [1-3] $name, proved; stopped" "different affine maps"; do
        says "$words" out
    done
done
refuses count --definition convex "$dir/five.json"
refuses count --definition "$dir/five.json"
refuses certify --definition affine -o "$dir/five.cert" "$dir/five.json"

# ---- The upper bound of a count that stops ----
json_most() { json "r['regions'] <= 3208 <= r['at_most']" "$1"; }
run 3 count --json --box -1:1 --limit-regions 100 "$net"
json_most "split"
run 3 count --json --box -1:1 --limit-regions 100 --engine walk "$net"
json_most "walk"
run 0 count --json --box -1:1 "$net"
json "r['at_most'] == r['regions'] == 3208" complete
run 3 count --threads 1 --limit-regions 100 "$net"
says "^           at most [0-9]*, proved$" out
run 3 count --json --threads 1 --gap 1e6% "$(dirname "$net")/diabetes-10-12-8-1.json"
json "r['stopped'] == 'as close as --gap asks' and r['regions'] <= 412051 <= r['at_most']" gap
run 0 count --quiet --gap 1 "$dir/five.json"
refuses count --gap 0 "$dir/five.json"
says 'gap: "0" is not a share' err
refuses count --gap 10% --engine walk "$dir/five.json"
says "gap has no effect with --engine=walk" err

# ---- Streams ----
run 0 count --quiet "$dir/five.json"
ok; [ ! -s "$dir/err" ] || fail "--quiet writes to stderr"
run 0 count --progress=never --box -1:1 "$net"
ok; [ ! -s "$dir/err" ] || fail "--progress=never writes to stderr"
run 0 count --box -1:1 "$net"
ok; [ ! -s "$dir/err" ] || fail "progress without a terminal"
run 3 count --json --progress=always --progress-every 0.001 --limit-regions 50000 "$dir/big.json"
json 'r["complete"] is False'
ok; [ -s "$dir/err" ] || fail "--progress=always: no progress on stderr"
if [ -n "${CREASE_LONG:-}" ]; then
    run 0 make random --inputs 10 --widths 20,10 -o "$dir/long.json"
    run 3 count --progress=always --limit-seconds 60 --threads 1 "$dir/long.json"
    ok; grep -q "^[0-9]* of about [0-9.]*e+*[0-9]* regions, .* left$" "$dir/err" ||
        fail "--progress=always: no estimate after a minute"
fi
if [ -w /dev/full ]; then
    for command in "count $dir/five.json" "count --json $dir/five.json" "info $net" --help --version; do
        # shellcheck disable=SC2086 # a command of several words
        "$crease" $command >/dev/full 2>"$dir/err"
        code=$?
        ok; [ $code -ne 0 ] || fail "crease $command on a full device: exit code 0"
        ok; [ $code -lt 100 ] || fail "crease $command on a full device: died with $code"
    done
fi
"$crease" count --json "$dir/five.json" >&- 2>"$dir/err"
code=$?
ok; [ $code -ne 0 ] || fail "closed stdout: exit code 0"

# ---- Stopping early ----
incomplete() {
    json 'r["complete"] is False and r["stopped"] and r["regions"] >= 0' "$1"
}
run 3 count --json --limit-regions 10 "$net"
incomplete regions
json "1 <= r['regions'] <= $total"
run 3 count --limit-regions 10 "$net"
run 3 count --json --limit-seconds 0.2 "$dir/big.json"
incomplete seconds
run 3 count --json --limit-memory 1M "$dir/big.json"
json 'r["complete"] is False'
run 0 count --json --limit-regions 1000000 --limit-seconds 1000 "$dir/five.json"
json 'r["regions"] == 5 and r["complete"] is True'
# A limit that is met when all is counted has stopped nothing; one that is met before has.
met() {
    count=$1
    shift
    run 0 count --json --limit-regions "$count" "$@"
    json "r['counts']['activation'] == $count and r['complete'] is True and r['stopped'] == ''" "$*"
    run 3 count --json --limit-regions 2 "$@"
    json "2 <= r['counts']['activation'] < $count and r['complete'] is False and r['stopped']" "$*"
}
for threads in 1 3; do
    met 220 -t $threads --engine walk data/fold-2d-4-4-4.json
    met 220 -t $threads --definition affine data/fold-2d-4-4-4.json
    met 220 -t $threads --definition open-connected data/fold-2d-4-4-4.json
    for cell in lp rays; do
        met 648 -t $threads --cell $cell data/moons-2-16-16-2.json
        run 3 count --json -t $threads --cell $cell --limit-memory 1 "$dir/five.json"
        json "r['regions'] <= 5 and r['complete'] is False and r['stopped']" "$cell, memory"
    done
done
for engine in walk split; do
    run 0 certify --json --engine $engine --limit-regions 220 -o "$dir/met.cert" data/fold-2d-4-4-4.json
    json "r['regions'] == 220 and r['complete'] is True" "certify, $engine"
    exits 0 "${CREASE_CHECK:-$(dirname "$crease")/crease-check}" data/fold-2d-4-4-4.json "$dir/met.cert"
    rm -f "$dir/met"
    run 0 count --json --engine $engine --limit-regions 220 --checkpoint "$dir/met" data/fold-2d-4-4-4.json
    run 0 count --json --limit-regions 220 --resume "$dir/met" data/fold-2d-4-4-4.json
    json "r['regions'] == 220 and r['complete'] is True" "checkpoint, $engine"
done
run 0 compare --limit-regions 220 data/fold-2d-4-4-4.json
for case in INT-walk TERM-split ${more:+INT-split TERM-walk}; do
    "$crease" count --json --engine "${case#*-}" "$dir/big.json" >"$dir/out" 2>"$dir/err" &
    child=$!
    waits 600 catches $child
    sleep 0.2
    kill -s "${case%-*}" $child
    wait $child
    code=$?
    child=
    ok; [ $code -eq 3 ] || fail "SIG$case: exit code $code"
    incomplete "SIG$case"
done

# ---- info ----
run 0 info "$net"
for word in 4 16 3 relu linear; do
    says "$word" out
done
ok; grep -Eq '[0-9a-f]{64}' "$dir/out" || fail "info shows no digest"
digest=$(grep -Eo '[0-9a-f]{64}' "$dir/out")
run 0 count --json --limit-seconds 100 --box 0:1/8 "$net"
json "r['network']['digest'] == '$digest'"
run 0 info --canonical "$net"
ok; [ "$(sha256sum <"$dir/out" | cut -c1-64)" = "$digest" ] || fail "the canonical text has another digest"
refuses info --canonical --json "$net"
printf '{"A": [["0.5", -2, 0, 0]], "b": ["1/3"], "box": [[0, 1], [0, 1], ["-0.25", 1], [0, 1e3]]}' >"$dir/domain"
run 0 info --domain-text --domain="$dir/domain" "$net"
printf 'crease-domain 1\nbox 4\n0 1\n0 1\n-1/4 1\n0 1000\nhalves 1\n1/2 -2 0 0 1/3\n' >"$dir/text"
ok; cmp -s "$dir/text" "$dir/out" || fail "the text of a domain: $(cat "$dir/out")"
run 0 info --domain-text "$net"
ok; [ "$(cat "$dir/out")" = "$(printf 'crease-domain 1\nspace 4')" ] || fail "the text of R^4: $(cat "$dir/out")"
refuses info --domain-text --canonical "$net"
refuses info --box 0:1 "$net"

finish
