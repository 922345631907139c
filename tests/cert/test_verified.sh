#!/bin/sh
# The checker with a proof: nothing is assumed, the proofs are checked, and what they are about agrees
# with crease-check and check.py on certificates and damaged ones. MUTANTS: how many of each,
# for one in EVERY networks. Without CREASE_LONG the proofs are not compiled, and the checker is tested if
# make verified has built it.
set -u
. tests/support/shell.sh
export CREASE_CHECK="${CREASE_CHECK:-${BUILD:-build}/crease-check}"
export VERIFIED_LOG="$dir/log" PYTHONDONTWRITEBYTECODE=1

ok
! grep -nE '\<(Admitted|admit|Axioms?|Parameters?|Conjecture|Hypothes[ie]s|Variables?|Abort|Unset)\>' verified/*.v ||
    fail "something is assumed"

# not_run WHY: the rest is left out.
not_run() {
    echo "not run: $*"
    finish
    exit
}

if [ -n "$more" ]; then
    for program in coqc ocamlfind; do
        command -v $program >/dev/null 2>&1 ||
            not_run "no $program, so the proofs were not checked (make verified installs it)"
    done
    exits 0 verified/build.sh "$dir"
    ok
    [ "$(cat "$dir/out")" = "check_sound: Closed under the global context
verdicts_sound: Closed under the global context
counted_real: Axioms ClassicalDedekindReals.sig_forall_dec \
FunctionalExtensionality.functional_extensionality_dep" ] ||
        fail "what the theorems assume: $(cat "$dir/out")"
    export CREASE_VERIFY="$dir/crease-verify"
else
    export CREASE_VERIFY="${BUILD:-build}/crease-verify"
    make -q "BUILD=${BUILD:-build}" "$CREASE_VERIFY" >/dev/null 2>&1 ||
        not_run "the proofs are compiled by make verified and by the long form"
fi
[ -x "$CREASE_VERIFY" ] || die "no crease-verify"

# ---- The command line ----

net=data/moons-2-16-16-2.json
run 0 info --canonical "$net"
mv "$dir/out" "$dir/net.txt"
digest=$(sha256sum <"$dir/net.txt" | cut -c1-64)
run 0 certify --quiet --plain -o "$dir/plane.cert" "$net"
run 0 certify --quiet --plain --box -1/2:1,0.25:2 -o "$dir/box.cert" "$net"
run 0 certify --quiet --engine split -o "$dir/count.cert" "$net"
exits 0 "$CREASE_VERIFY" "$dir/net.txt" "$dir/plane.cert"
ok; grep -q "^VERIFIED 648 regions (theorem check_sound; network $digest, " "$dir/out" || fail "plane"
exits 0 "$CREASE_CHECK" --box -1/2:1,0.25:2 "$net" "$dir/box.cert"
said=$(cat "$dir/out")
exits 0 "$CREASE_VERIFY" "$dir/net.txt" "$dir/box.cert" --box -1/2:1,0.25:2
ok; grep -q "^$said (" "$dir/out" || fail "box: $(cat "$dir/out")"
run 0 info --domain-text --box -1/2:1,0.25:2 "$net"
mv "$dir/out" "$dir/box.txt"
exits 0 "$CREASE_VERIFY" "$dir/net.txt" "$dir/box.cert" --domain-text "$dir/box.txt"
exits 1 "$CREASE_VERIFY" "$dir/net.txt" "$dir/box.cert"
exits 1 "$CREASE_VERIFY" "$dir/net.txt" "$dir/plane.cert" --box -1/2:1,0.25:2
# Half-spaces, and the text of a domain without one of them.
echo '{"A": [[1, 1], [1, -2]], "b": [1, 0.5], "box": [[-1, 1], [-1, 1]]}' >"$dir/halves.json"
run 0 certify --quiet "--domain=$dir/halves.json" -o "$dir/halves.cert" "$net"
said=$(cat "$dir/out")
run 0 info --domain-text "--domain=$dir/halves.json" "$net"
mv "$dir/out" "$dir/halves.txt"
exits 0 "$CREASE_VERIFY" "$dir/net.txt" "$dir/halves.cert" --domain-text "$dir/halves.txt"
ok; grep -q "^VERIFIED $said regions " "$dir/out" || fail "half-spaces: $(cat "$dir/out")"
sed 's/^halves 2/halves 1/; $d' "$dir/halves.txt" >"$dir/half.txt"
exits 1 "$CREASE_VERIFY" "$dir/net.txt" "$dir/halves.cert" --domain-text "$dir/half.txt"
{ cat "$dir/net.txt" && echo 1; } >"$dir/longer.txt"
exits 2 "$CREASE_VERIFY" "$dir/longer.txt" "$dir/plane.cert"
exits 0 "$CREASE_VERIFY" "$dir/net.txt" "$dir/count.cert"
ok; grep -q '^VERIFIED 648 regions ' "$dir/out" || fail "COUNT: $(cat "$dir/out")"
# All of R^4 is a COUNT; in a box there are CROSS and LEAFs without a point.
run 0 info --canonical data/braid-4.json
mv "$dir/out" "$dir/braid.txt"
for box in '' -1:2; do
    run 0 certify --quiet ${box:+"--box=$box"} -o "$dir/braid.cert" data/braid-4.json
    exits 0 "$CREASE_VERIFY" "$dir/braid.txt" "$dir/braid.cert" ${box:+--box "$box"}
    ok; grep -q '^VERIFIED 24 regions ' "$dir/out" || fail "braid: $(cat "$dir/out")"
done
# What has the same regions, but is another network or domain.
sed '$s/ [^ ]*$/ 7/' "$dir/braid.txt" >"$dir/shifted.txt"
exits 1 "$CREASE_VERIFY" "$dir/shifted.txt" "$dir/braid.cert" --box -1:2
exits 1 "$CREASE_VERIFY" "$dir/braid.txt" "$dir/braid.cert" --box -1:3
# An input without influence is not kept.
cat >"$dir/cylinder.json" <<'JSON'
{"input": 3, "layers": [
 {"weight": [[1, 0, 0], [0, 1, 0], [1, 1, 0]], "bias": [0, 0, -1], "activation": "relu"},
 {"weight": [[1, 1, 1]], "bias": [0], "activation": "linear"}]}
JSON
run 0 info --canonical "$dir/cylinder.json"
mv "$dir/out" "$dir/cylinder.txt"
run 0 certify --quiet --box=-2:2 -o "$dir/cylinder.cert" "$dir/cylinder.json"
exits 0 "$CREASE_VERIFY" "$dir/cylinder.txt" "$dir/cylinder.cert" --box -2:2
ok; grep -q '^VERIFIED 7 regions ' "$dir/out" || fail "cylinder: $(cat "$dir/out")"
# The pending units meet, in a point of which one coordinate is given.
cat >"$dir/meet.json" <<'JSON'
{"input": 3, "layers": [
 {"weight": [[1, 2, 1], [0, 3, 1]], "bias": ["-1/5", "-1/7"], "activation": "relu"},
 {"weight": [[1, 1]], "bias": [0], "activation": "linear"}]}
JSON
run 0 info --canonical "$dir/meet.json"
mv "$dir/out" "$dir/meet.txt"
for box in -1:1 0:1; do
    ok; python3 tests/cert/prove.py --style meet --box=$box "$dir/meet.json" -o "$dir/meet.cert" >/dev/null ||
        fail "prove.py, $box"
    ok; [ "$(wc -c <"$dir/meet.cert")" -lt 130 ] || fail "meet: more than a node, $box"
    exits 0 "$CREASE_VERIFY" "$dir/meet.txt" "$dir/meet.cert" --box $box
    ok; grep -q '^VERIFIED 4 regions ' "$dir/out" || fail "meet: $(cat "$dir/out")"
done
run 0 certify --quiet --merge=on -o "$dir/merged.cert" "$net"
exits 1 "$CREASE_VERIFY" "$dir/net.txt" "$dir/merged.cert"
ok; grep -q 'version 2 is not verified yet$' "$dir/err" || fail "version 2: $(cat "$dir/err")"
exits 2 "$CREASE_VERIFY" "$dir/net.txt"
exits 2 "$CREASE_VERIFY" "$net" "$dir/plane.cert"
exits 2 "$CREASE_VERIFY" "$dir/net.txt" "$dir/missing"
exits 2 "$CREASE_VERIFY" "$dir/net.txt" "$dir/plane.cert" --box 0:1,0:1,0:1
exits 2 "$CREASE_VERIFY" "$dir/net.txt" "$dir/plane.cert" --box 0:1/0
# Other activations, maxout and units that carry: the count of crease.
cat >"$dir/kinds.json" <<'JSON'
{"input": 2, "layers": [
 {"weight": [[1, 0], [0, 1], [1, 1], [1, -2]], "bias": [0, 0, -1, 0], "activation": "abs", "carry": 1},
 {"weight": [[1, -1, 0, 1], [0, 1, 1, 0]], "bias": [0, -1], "activation": "clip", "low": -1, "high": "1/2"},
 {"weight": [[1, 1], [1, -2], [1, 0]], "bias": [0, 1, 0], "activation": "leaky_relu", "slope": "1/10", "carry": 1},
 {"weight": [[1, 1, 1], [2, -1, 1]], "bias": [0, 0], "activation": "relu", "carry": 2},
 {"weight": [[1, 3], [2, -1], [0, 1], [1, 0], [-1, 1]], "bias": [0, 0, 1, 0, 0], "activation": "maxout",
  "rank": 4, "carry": 1},
 {"weight": [[1, 1], [2, -1], [0, 1]], "bias": [0, 0, 1], "activation": "maxout", "rank": 3},
 {"weight": [[1]], "bias": [0], "activation": "linear"}]}
JSON
run 0 info --canonical "$dir/kinds.json"
mv "$dir/out" "$dir/kinds.txt"
run 0 certify --quiet --box=-1:2 -o "$dir/kinds.cert" "$dir/kinds.json"
said=$(cat "$dir/out")
exits 0 "$CREASE_VERIFY" "$dir/kinds.txt" "$dir/kinds.cert" --box -1:2
ok; grep -q "^VERIFIED $said regions " "$dir/out" || fail "kinds: $(cat "$dir/out")"

# ---- A trunk and parts ----

run 0 shard -n 3 -o "$dir/jobs" "$net"
run 0 certify --trunk "$dir/jobs"
for i in 0 1 2; do
    run 0 certify --quiet --job "$dir/jobs" --index $i
    exits 0 "$CREASE_VERIFY" --part "$dir/net.txt" "$dir/jobs/trunk.cert.zst" "$dir/jobs/000$i.cert.zst"
    mv "$dir/out" "$dir/verdict$i"
    exits 0 "$CREASE_CHECK" --part "$net" "$dir/jobs/trunk.cert.zst" "$dir/jobs/000$i.cert.zst"
    ok; cmp -s "$dir/out" "$dir/verdict$i" || fail "verdict $i"
done
exits 0 "$CREASE_VERIFY" "$dir/net.txt" "$dir/jobs/trunk.cert.zst" "$dir"/jobs/*2.cert.zst \
    "$dir"/jobs/*[01].cert.zst
ok; grep -q '^VERIFIED 648 regions (theorem check_sound' "$dir/out" || fail "in parts: $(cat "$dir/out")"
exits 0 "$CREASE_VERIFY" --total "$dir/net.txt" "$dir"/verdict*
ok; grep -q '^VERIFIED 648 regions (theorem verdicts_sound' "$dir/out" || fail "total: $(cat "$dir/out")"
sed '$s/ [^ ]*$/ 7/' "$dir/net.txt" >"$dir/shifted.txt"
exits 2 "$CREASE_VERIFY" --total "$dir/shifted.txt" "$dir"/verdict*
{ head -n 3 "$dir/verdict0" && echo "trunk $digest" && tail -n +5 "$dir/verdict0"; } >"$dir/other"
exits 2 "$CREASE_VERIFY" --total "$dir/net.txt" "$dir/other" "$dir/verdict1" "$dir/verdict2"
exits 0 "$CREASE_VERIFY" --part "$dir/net.txt" "$dir/jobs/trunk.cert.zst" "$dir"/jobs/*2.cert.zst \
    "$dir"/jobs/*1.cert.zst
{ head -n 6 "$dir/verdict1" && tail -n 2 "$dir/verdict1" | head -n 1 && tail -n 2 "$dir/verdict2"; } >"$dir/both"
ok; cmp -s "$dir/out" "$dir/both" || fail "two parts: $(cat "$dir/out")"
{ head -n 6 "$dir/verdict1" && tail -n 2 "$dir/verdict2" | head -n 1 && tail -n 2 "$dir/verdict1"; } >"$dir/both"
exits 2 "$CREASE_VERIFY" --total "$dir/net.txt" "$dir/verdict0" "$dir/both"
exits 2 "$CREASE_VERIFY" --total "$dir/net.txt" "$dir/verdict0" "$dir/verdict2"
ok; grep -q 'missing: part 1$' "$dir/err" || fail "verdict missing: $(cat "$dir/err")"
exits 2 "$CREASE_VERIFY" "$dir/net.txt" "$dir/jobs/trunk.cert.zst" "$dir"/jobs/*[02].cert.zst
ok; grep -q 'missing: part 1$' "$dir/err" || fail "part missing: $(cat "$dir/err")"
exits 1 "$CREASE_VERIFY" --part "$dir/braid.txt" "$dir/jobs/trunk.cert.zst" "$dir/jobs/0000.cert.zst"
exits 2 "$CREASE_VERIFY" "$dir/net.txt" "$dir/jobs/trunk.cert.zst" "$dir"/jobs/*[012].cert.zst \
    "$dir/jobs/0001.cert.zst"
# A part with the trees of another.
zstd -dqf "$dir/jobs/0001.cert.zst" -o "$dir/part"
printf '\002' | dd "of=$dir/part" bs=1 seek=15 conv=notrunc 2>/dev/null
exits 1 "$CREASE_VERIFY" --part "$dir/net.txt" "$dir/jobs/trunk.cert.zst" "$dir/part"

# ---- The rules, networks, domains and mutants ----

: >"$VERIFIED_LOG"
if [ -n "$more" ]; then
    mkdir "$dir/rules"
    all=1
    [ -z "${EVERY:-}" ] || all= # one in three
    exits 0 env CREASE_LONG=$all python3 -S tests/cert/rules.py "$dir/rules" tests/cert/verified.py
fi
mkdir "$dir/nets"
python3 tests/cert/nets.py "$dir/nets" >"$dir/all" || fail "nets.py"
awk "NR % ${EVERY:-$([ -n "$more" ] && echo 1 || echo 20)} == 0" "$dir/all" >"$dir/list"
while read -r name box; do
    set --
    case $box in
        -) ;;
        \{*) printf '%s' "$box" >"$dir/domain" && set -- "--domain=$dir/domain" ;;
        *) set -- "--box=$box" ;;
    esac
    run 0 count --json "$@" "$dir/nets/$name.json"
    echo "$name $box $(field regions) $(field digest)"
done <"$dir/list" >"$dir/expected"
exits 0 python3 tests/cert/mutate.py "$dir/nets" "$dir/expected" "${MUTANTS:-8}" tests/cert/verified.py
if [ -n "$more" ]; then
    exits 0 python3 tests/cert/parts.py "$dir/nets" "$dir/expected" $((${MUTANTS:-8} * 5)) \
        tests/cert/verified.py
fi
for verdict in VERIFIED REFUSED; do
    ok; [ "$(grep -c "^$verdict" "$VERIFIED_LOG")" -ge 2 ] || fail "too few $verdict: $(wc -l <"$VERIFIED_LOG")"
done

finish
