#!/bin/sh
# Black-box tests of the command compare: counts and bounds against those of count and bound, the
# three kinds of output, the data of the picture, errors. CREASE names the program (default
# build/crease); run from the repository root.
set -u
. tests/support/shell.sh
iris=data/iris-4-16-16-3.json
fold=data/fold-2d-4-4-4.json
zigzag=data/zigzag-1d-n4-l3.json

# A network of other units.
echo '{"input": 2, "layers": [
    {"weight": [[1, 2], [3, -1], [1, 1]], "bias": [1, 2, "1/3"], "activation": "abs"},
    {"weight": [[1, 2, 1], [3, -1, 2]], "bias": [1, 2], "activation": "clip", "low": 0, "high": 1},
    {"weight": [[1, 2]], "bias": [0], "activation": "linear"}]}' >"$dir/mixed.json"

# python WHAT ARGS...: a program from stdin, which exits with 0 if all is well.
python() {
    what=$1
    shift
    ok; python3 - "$@" || fail "$what"
}

# ---- Against count and bound ----

# agrees [OPTION...] -- NETWORK...: every number of --json is that of count and bound.
agrees() {
    options=
    while [ "$1" != -- ]; do
        options="$options $1"
        shift
    done
    shift
    # shellcheck disable=SC2086 # options without spaces
    run 0 compare --json $options "$@"
    cp "$dir/out" "$dir/compared"
    # shellcheck disable=SC2086
    run 0 compare --csv $options "$@"
    cp "$dir/out" "$dir/lines"
    number=0
    for net in "$@"; do
        box=$(echo "$options" | grep -o -e '--box [^ ]*')
        # shellcheck disable=SC2086
        run 0 count --json --threads 1 $box "$net"
        cp "$dir/out" "$dir/count"
        # shellcheck disable=SC2086
        run 0 bound --json $box "$net"
        python "compare$options $net" "$dir/compared" "$dir/count" "$dir/out" "$dir/lines" $number <<'PY'
import csv, json, math, sys
from fractions import Fraction
compared, count, bound = (json.load(open(path)) for path in sys.argv[1:4])
rows = list(csv.DictReader(open(sys.argv[4], newline=""), strict=True))
number = int(sys.argv[5])
entry = compared["networks"][number]
assert compared["complete"] and compared["domain"] == count["domain"]
assert compared["given"] == compared["counted"] == len(compared["networks"])
for key in ("regions", "complete", "domain", "dimension"):
    assert entry[key] == count[key], key
for key, value in count["network"].items():
    assert entry["network"][key] == value, key
assert len(entry["bounds"]) == len(bound["bounds"])
assert abs(entry["log10"] - math.log10(count["regions"])) < 1e-9
for mine, theirs in zip(entry["bounds"], bound["bounds"]):
    for key, value in theirs.items():
        assert mine[key] == value, (mine["id"], key)
    if not mine["applies"]:
        assert mine["ratio"] is None and mine["log10_ratio"] is None
        continue
    ratio = count["regions"] / Fraction(mine["value"])
    assert math.isclose(mine["ratio"], ratio, rel_tol=1e-9), mine["id"]
    assert abs(mine["log10_ratio"] - math.log10(ratio)) < 1e-9, mine["id"]
    if mine["kind"] == "upper":
        assert ratio <= 1, mine["id"]

# The lines of this network: every bound in order, then the one layer.
length = len(rows) // len(compared["networks"])
start = 0
for before in compared["networks"][:number]:
    start += len(before["bounds"]) + 1
rows = rows[start : start + len(entry["bounds"]) + 1]
assert len(rows) == len(entry["bounds"]) + 1
for row, b in zip(rows, entry["bounds"] + [entry["one_layer"]]):
    assert None not in row and None not in row.values(), row
    assert row["file"] == entry["network"]["file"] and row["bound"] == b["id"]
    assert int(row["regions"]) == entry["regions"] and row["complete"] == "true"
    assert row["widths"] == "-".join(map(str, entry["network"]["widths"]))
    assert int(row["parameters"]) == entry["network"]["parameters"]
    assert row["name"] == b["name"] and int(row["year"]) == b["year"] and row["source"] == b["source"]
    assert (row["applies"] == "true") == b["applies"]
    if b["applies"]:
        assert Fraction(row["value"]) == Fraction(b["value"]), b["id"]
        assert math.isclose(float(row["ratio"]), b["ratio"], rel_tol=1e-5), b["id"]
        assert abs(float(row["log10_ratio"]) - b["log10_ratio"]) < 1e-9
    else:
        assert row["value"] == row["ratio"] == "" and row["note"] == b["warning"]
assert rows[-1]["kind"] == "reference" and rows[-1]["of"] == "one layer"
PY
        number=$((number + 1))
    done
}

agrees -- ${more:+"$iris" "$zigzag"} "$fold" "$dir/mixed.json" ${more:+data/digits-64-10-8-10.json}
agrees --box -1:1 -- "$fold" ${more:+"$iris"}
[ -z "$more" ] || agrees --engine walk --threads 2 -- "$fold" data/braid-4.json
[ -z "$more" ] || agrees --engine split --cell lp --lp dense -- "$fold"

# One layer of all units: Z(12, 2), and 1 + (3 + 2 2) + (3 + 3 4 + 4) for three units of two states
# and two of three.
run 0 compare --json "$fold" "$dir/mixed.json"
json 'r["networks"][0]["one_layer"]["value"] == 79 and r["networks"][0]["regions"] == 220'
json 'r["networks"][1]["one_layer"]["value"] == 27'
json 'r["networks"][1]["network"]["activations"] == ["abs", "clip", "linear"]'

# Without biases Zaslavsky and most lower bounds are of other networks.
echo '{"input": 2, "layers": [
    {"weight": [[1, 0], [0, 1], [1, 1], [1, -1]], "bias": [0, 0, 0, 0], "activation": "relu"},
    {"weight": [[1, 1, 1, 1]], "bias": [0], "activation": "linear"}]}' >"$dir/central.json"
run 0 compare --json "$dir/central.json" data/braid-4.json "$iris"
json 'all(max(int(b["value"]) for b in n["bounds"] if b["applies"] and b["kind"] in ("lower", "exact")) <=
    min(int(b["value"]) for b in n["bounds"] if b["applies"] and b["kind"] in ("upper", "exact"))
    for n in r["networks"])'
run 0 compare "$dir/central.json"
tr -s ' ' <"$dir/out" >"$dir/table"
ok; grep -q -F ' 2-4-1 relu 17 8 8 100% 4 11 0.727' "$dir/table" || fail "no biases: $(grep relu "$dir/table")"
ok; grep -q -F 'upper Schlaefli 1901 [c], of the network itself' "$dir/table" || fail "the bound is not Schlaefli's"

# ---- The table ----
run 0 compare "$iris" "$fold" "$dir/mixed.json"
ok; [ ! -s "$dir/err" ] || fail "compare writes to stderr"
tr -s ' ' <"$dir/out" >"$dir/table"
for text in 'iris-4-16-16-3.json 4-16-16-3 relu 403 25455 6335289 0.402% 1573125 41449 0.614' \
    'fold-2d-4-4-4.json 2-4-4-4-1 relu 57 220 1331 16.5% 176 79 2.78' \
    'mixed.json 2-3-2-1 abs,clip 20 19 63 30.2% - 27 ' 'domain all of R^n' 'Montufar 2017 [c] (2 of 3 networks)'; do
    ok; grep -q -F -e "$text" "$dir/table" || fail "no \"$text\" in the table"
done
run 0 compare --series one "$fold" --series "two words" "$iris" --box 0:1
says 'fold-2d-4-4-4.json  *one ' out
says 'iris-4-16-16-3.json  *two words ' out
says 'box 0:1' out

# Names that need care.
cp "$fold" "$dir/a, \"b\".json"
run 0 compare --csv --series 'x,"y"' "$dir/a, \"b\".json"
python "names in the lines" "$dir/out" "$dir" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline=""), strict=True))
assert rows and all(r["file"] == sys.argv[2] + '/a, "b".json' and r["series"] == 'x,"y"' for r in rows)
PY

# ---- Stopped early ----
run 3 compare --limit-regions 100 "$zigzag" "$iris"
says '>= 1[0-9][0-9] ' out
says 'stopped early' out
run 3 compare --limit-regions 130 --json "$zigzag" "$iris"
json 'not r["complete"] and [n["complete"] for n in r["networks"]] == [True, False]'
json 'r["networks"][1]["stopped"] == "at the limit on regions"'
run 3 compare --limit-regions 130 --csv "$zigzag" "$iris"
says 'iris.*,false,at the limit on regions,' out

# A signal ends the count that runs; what comes after is not counted.
big_network >"$dir/big.json"
"$crease" compare --json --progress=always "$fold" "$dir/big.json" "$iris" >"$dir/out" 2>"$dir/err" </dev/null &
child=$!
# Only the second count is long enough to report progress.
for _ in $(seq 300); do
    [ ! -s "$dir/err" ] || break
    sleep 0.2
done
kill -TERM $child
wait $child
code=$?
child=
ok; [ $code -eq 3 ] || fail "compare after a signal: exit code $code"
json 'r["given"] == 3 and r["counted"] == 2 and not r["complete"]'
json 'r["networks"][0]["complete"] and r["networks"][1]["stopped"] == "by a signal"'

# ---- Refusals ----
for bad in missing.json . Makefile; do
    refuses_in_a_line compare "$fold" "$bad" "$iris"
    ok; grep -q -F "$bad" "$dir/err" || fail "compare does not name $bad"
    refuses_in_a_line compare --json "$fold" "$bad"
    refuses_in_a_line compare --csv "$bad"
done
refuses_in_a_line compare --box 0:1,0:1 "$fold" "$iris"
ok; grep -q -F "$iris" "$dir/err" || fail "compare does not name the network that the box does not fit"
refuses compare
refuses compare --csv --json "$fold"
refuses compare --x height "$fold"
refuses compare --quiet "$fold"
refuses compare --maxout 3 "$fold"
refuses compare --start 0,0 "$fold"
refuses compare 2,10,10
refuses compare --output "$dir/x" "$fold"
refuses count --plot "$dir/x.svg" "$fold"
refuses count "$fold" "$iris"
if [ -w /dev/full ]; then
    for kind in --json --csv --threads=1; do
        "$crease" compare $kind "$fold" >/dev/full 2>"$dir/err"
        code=$?
        ok; [ $code -eq 2 ] || fail "crease compare $kind on a full device: exit code $code"
    done
fi

# ---- Pictures: tests/draw/charts.py reads them ----
for widths in 8 4,4 3,3,3; do
    run 0 make fold --inputs 1 --widths "$widths" -o "$dir/fold-$widths.json"
done
if "$crease" compare --plot "$dir/d.svg" "$fold" "$iris" 2>&1 | grep -q cairo; then
    echo "not run: pictures of compare, there is no cairo"
else
    printf precious >"$dir/q.svg"
    for to in "$dir/q.jpg" "$dir/svg" "$dir/no/q.svg" "$dir" "" .svg/; do
        refuses_in_a_line compare --plot "$to" "$fold"
    done
    refuses_in_a_line compare --plot "$dir/q.svg" "$fold" missing.json
    ok; [ "$(cat "$dir/q.svg")" = precious ] || fail "a picture of a network that is missing"
    cp "$dir/d.svg" "$dir/e.svg"
    run 0 compare --plot "$dir/d.svg" "$fold"
    ok; ! cmp -s "$dir/d.svg" "$dir/e.svg" || fail "an old picture is not replaced"
    run 0 compare --plot "$dir/d.svg" "$fold" "$iris"
    ok; cmp -s "$dir/d.svg" "$dir/e.svg" || fail "two pictures of the same differ"
    run 0 compare --plot "$dir/d.png" "$fold" "$iris"
    ok; [ "$(head -c 4 "$dir/d.png" | tail -c 3)" = PNG ] || fail "no PNG"
    run 0 compare --plot "$dir/d.pdf" --series "$(printf 'caf\303\251 \377\303')" "$fold"
    ok; [ "$(head -c 4 "$dir/d.pdf")" = %PDF ] || fail "no PDF"
    # Numbers of any size: up to 2^2000.
    run 0 make random --inputs 2 --widths "$(seq 200 | sed 's/.*/10/' | paste -sd,)" -o "$dir/deep.json"
    run 3 compare --limit-regions 1 --threads 1 --plot "$dir/d.svg" "$dir/deep.json"
    PYTHON=false exits 0 scripts/figures.sh "$dir/figures"
    says 'no numpy' out
    ok; [ -s "$dir/figures/depth.svg" ] || fail "figures.sh: no figure"
fi

# ---- Networks on their way through training ----
for python in python3 /usr/bin/python3; do
    if command "$python" -c 'import numpy' 2>/dev/null; then
        exits 0 env "$python" scripts/train_plane.py --widths 5,4 --steps 0,3,20 --output "$dir/trained-"
        run 0 compare --json "$dir/trained-0.json" "$dir/trained-3.json" "$dir/trained-20.json"
        json 'len({n["network"]["digest"] for n in r["networks"]}) == 3'
        json 'all(n["network"]["widths"] == [2, 5, 4, 1] for n in r["networks"])'
        break
    fi
done

# ---- Help ----
run 0 compare --help
for option in --box --csv --engine --json --limit-seconds --plot --series --threads --x; do
    says "$option" out
done
run 0 --help
says 'crease compare' out

finish
