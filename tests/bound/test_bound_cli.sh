#!/bin/sh
# Black-box tests of the command bound: exit codes, streams, JSON.
# CREASE names the program (default build/crease); run from the repository root.
set -u
. tests/support/shell.sh
net=data/iris-4-16-16-3.json

# ---- Widths ----
run 0 bound 2,10,10
for number in 3136 1400 2016 280 110 100; do
    ok; grep -Eq "[^0-9]${number}[^0-9]" "$dir/out" || fail "no $number in the table"
done
ok; [ ! -s "$dir/err" ] || fail "bound writes to stderr"
says 'Serra et al. 2018, Theorem 1 ' out
says '^warning' out
run 0 bound --json 2,10,10
json 'r["widths"] == [2, 10, 10] and r["units"] == 20 and r["activation"] == "relu"'
json 'b["serra-2018-upper"]["value"] == 3136 and b["serra-2018-upper"]["kind"] == "upper"'
json 'all(x["name"] and x["year"] > 1900 and x["reference"] and x["formula"] for x in b.values())'
json 'all((x["value"] is None) == (not x["applies"]) == (x["warning"] != "") for x in b.values())'
json 'all(x["source"] in ("read", "cited", "not read", "proved") for x in b.values())'
json 'all(x["kind"] in ("exact","upper","lower","expectation","growth") for x in b.values())'
json 'b["montufar-2014-per-parameter"]["value"] == "25/2"'
run 0 bound --json 1,53
json 'b["trivial"]["value"] == 2**53 and type(b["trivial"]["value"]) is int'
run 0 bound --json 1,54
json 'b["trivial"]["value"] == str(2**54) and abs(b["trivial"]["log10"] - 16.2556) < 1e-3'
run 0 bound --json 784,1000,1000,1000
json 'b["trivial"]["value"] == str(2**3000) and len(b["serra-2018-upper"]["value"]) == 903'
run 0 bound 784,1000,1000,1000
ok; [ "$(wc -L <"$dir/out")" -lt 250 ] || fail "long numbers are printed in full"
run 0 bound --json --maxout 3 2,4,4
json 'r["rank"] == 3 and r["activation"] == "maxout"'
json 'b["maxout-serra-2018-upper"]["value"] == 6241'
json 'b["maxout-montufar-2022-upper"]["value"] == 1089'
run 0 bound --maxout=3 2,4,4

# ---- Filters ----
run 0 bound --json 3x3x1,2x2x2,2x2x5
json 'r["widths"] == [9, 8, 5] and b["xiong-2020-lower"]["value"] == 496'
json 'not b["montufar-2014"]["applies"] and "fully connected" in b["montufar-2014"]["warning"]'
refuses_in_a_line bound 3x3x1,4x2x1
refuses bound --maxout 2 3x3x1,2x2x1

# ---- Where theorems are stated too widely ----
run 0 bound --json 1,2,2,2,2
json 'not b["serra-2018-arora"]["applies"] and b["one-input"]["value"] == 47'
run 0 bound --json --maxout 3 1,1,1
json 'not b["maxout-montufar-2014-lower"]["applies"] and b["maxout-one-input"]["value"] == 7'
run 0 bound 2,10
says 'Schlaefli.*without biases 20 regions at most' out

# ---- Networks ----
# ordered: no bound from below stands above one from above.
ordered() {
    json '(max(int(x["value"]) for x in r["bounds"] if x["applies"] and x["kind"] in ("lower", "exact")) <=
        min(int(x["value"]) for x in r["bounds"] if x["applies"] and x["kind"] in ("upper", "exact")))'
}
run 0 bound --json data/braid-4.json
json 'b["schlaefli"]["value"] == 52 and b["schlaefli"]["of"] == "network"'
json 'not b["zaslavsky"]["applies"] and "fewer regions" in b["zaslavsky"]["warning"]'
json 'b["serra-2018-arora"]["value"] == 8'
ordered
run 0 bound --json --box 100:101 "$net"
json 'b["serra-2020"]["value"] < 1573125 and not b["serra-2018-lower"]["applies"]'
json 'b["trivial"]["applies"] and b["montufar-2017"]["applies"]'
run 0 bound "$net"
says 'ranks 4, 16' out
run 0 bound --json "$net"
json 'r["widths"] == [4, 16, 16] and r["domain"] == "R^n" and r["network"]["file"].endswith(".json")'
json 'b["serra-2018-rank"]["value"] == 6335289 and b["serra-2018-rank"]["of"] == "network"'
json 'not b["serra-2020"]["applies"] and "box" in b["serra-2020"]["warning"]'
run 0 bound --json --box -1:1 "$net"
json 'r["domain"] == "-1:1" and 3208 <= b["serra-2020"]["value"] < 6335289'
run 0 bound --json --maxout 2 "$net"
json 'r["rank"] == 2 and r["widths"] == [4, 16, 16]'
echo '{"input": 3, "layers": [{"weight": [[1, 1, 2]], "bias": [0], "activation": "linear"}]}' >"$dir/linear.json"
run 0 bound --json --maxout 3 "$dir/linear.json"
json 'all(x["value"] == 1 for x in r["bounds"] if x["applies"])'

# ---- Units that are not relu ----
echo '{"input": 1, "layers": [{"weight": [[1]], "bias": [0], "activation": "abs"},
    {"weight": [[1], [2]], "bias": [0, 1], "activation": "hard_tanh"},
    {"weight": [[1, 1]], "bias": [0], "activation": "linear"}]}' >"$dir/abs.json"
run 0 bound "$dir/abs.json"
says '1 abs, 2 clip; N = 3 units' out
run 0 bound --json "$dir/abs.json"
json 'r["activation"] == "mixed" and r["activations"] == ["abs", "clip"] and r["states"] == [2, 3]'
json 'b["pieces-upper"]["value"] == 10 and b["pieces-upper"]["source"] == "proved"'
json 'not b["montufar-2017"]["applies"] and "hidden layer 0 has abs" in b["montufar-2017"]["warning"]'
run 0 bound --json --maxout 2 "$dir/abs.json"
json 'r["activation"] == "maxout" and r["widths"] == [1, 1, 2]'
run 0 make maxout --maxout 3 --inputs 2 --widths 2,2 -o "$dir/maxout.json"
run 0 bound "$dir/maxout.json"
says 'k = 3' out
run 0 bound --json "$dir/maxout.json"
json 'r["activation"] == "maxout" and r["rank"] == 3 and r["carried"] == [0, 0]'
json 'b["maxout-trivial"]["value"] == 81 and b["maxout-rank"]["of"] == "network"'
echo '{"input": 1, "layers": [
    {"weight": [[1], [2], [3]], "bias": [0, 1, 2], "activation": "abs", "carry": 1},
    {"weight": [[1, 2, 3], [3, 2, 1]], "bias": [0, 1], "activation": "maxout", "rank": 2},
    {"weight": [[1]], "bias": [0], "activation": "linear"}]}' >"$dir/carry.json"
run 0 bound "$dir/carry.json"
says ' 2 abs + 1 carried, 1 maxout of rank 2; N = 3 units' out

# ---- Refusals ----
for widths in "" "," 2 "2," ",2" "2,,2" 0,2 2,0 2,4097 4097,2 2,4000,97 2,a 2x10 2,-1 "2, 10" \
    2,99999999999999999999999999 18446744073709551618,2; do
    refuses_in_a_line bound "$widths"
    refuses_in_a_line bound --json "$widths"
done
refuses bound
refuses bound 2,3 2,3
refuses bound --box -1:1 2,3
refuses bound --maxout 1 2,3
refuses bound --maxout 4097 2,3
refuses bound --maxout x 2,3
refuses bound --threads 2 2,3
refuses bound --box 1 "$net"
refuses bound "$dir/missing.json"
refuses count --maxout 3 "$net"
refuses count 2,10,10

# ---- Help ----
run 0 bound --help
for option in --box --json --maxout; do
    says "$option" out
done
run 0 --help
says 'crease bound' out
if [ -w /dev/full ]; then
    for command in "bound 2,3" "bound --json 2,3"; do
        # shellcheck disable=SC2086 # a command of several words
        "$crease" $command >/dev/full 2>"$dir/err"
        code=$?
        ok; [ $code -eq 2 ] || fail "crease $command on a full device: exit code $code"
    done
fi

finish
