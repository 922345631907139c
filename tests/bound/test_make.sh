#!/bin/sh
# Black-box tests of the command make: every family, counted by both engines and compared with the
# number that it predicts and with an upper bound; files, JSON, refusals.
# CREASE names the program (default build/crease); run from the repository root.
set -u
. tests/support/shell.sh
net=$dir/net.json
maxout= # the rank of the units, none for ReLU

# Neither the network nor a temporary file beside it.
leaves_nothing() {
    ok
    for file in "$dir"/net*; do
        [ ! -e "$file" ] || fail "$1: $file is left"
    done
}

# counts N DOMAIN: both engines find N regions of $net, no more than the upper bounds of its widths.
counts() {
    for engine in walk split; do
        if [ "$2" = R ]; then
            run 0 count --quiet --threads 1 --engine $engine "$net"
        else
            run 0 count --quiet --threads 1 --engine $engine --box "$2" "$net"
        fi
        printed "$1" "$made: $engine finds"
    done
    run 0 bound --json ${maxout:+--maxout "$maxout"} "$net"
    json "all(int(b['value']) >= $1 for b in r['bounds'] if b['applies'] and b['kind'] == 'upper')"
}

# expect N DOMAINS ARGS...: make ARGS predicts N, and that is the count in each of the domains;
# without CREASE_LONG for every eighth of them.
expect() {
    sampled 8 || return 0
    number=$1
    domains=$2
    shift 2
    made="make $*"
    rm -f "$net"
    run 0 make "$@" -o "$net"
    where=
    for domain in $domains; do
        [ "$domain" = R ] && text="R^n" || text="the box $domain"
        where="$where${where:+ and in }$text"
    done
    says "^expected   $number regions in $where: " out
    ok; grep -q "Expected: $number regions in " "$net" || fail "$made: no count in the comment"
    for domain in $domains; do
        counts "$number" "$domain"
    done
}

# ---- Folding: the bounds of 2014 and 2018, inside the cube ----
expect 44 0:1 fold --inputs 2 --widths 4,4
expect 176 0:1 fold --inputs 2 --widths 4,4,4
expect 198 0:1 fold --inputs 2 --widths 6,6
expect 1782 0:1 fold --inputs 2 --widths 6,6,6
expect 176 0:1 fold --inputs 2 --widths 5,2,5,4
expect 64 0:1 fold --inputs 3 --widths 6,3
expect 36 0:1 fold --inputs 1 --widths 3,2,3,1
expect 352 0:1 serra --inputs 2 --widths 6,6
expect 464 0:1 serra --inputs 2 --widths 7,7
expect 500 0:1 serra --inputs 1 --widths 4,4,4,3
expect 125 "R 0:1" zigzag --inputs 1 --widths 4,4,4
expect 168 "R 0:1" zigzag --inputs 1 --widths 3,5,6
expect 6 R arora --inputs 2 --widths 6
expect 96 R arora --inputs 2 --widths 6,3,3
expect 350 R arora --inputs 3 --widths 8,4,4
expect 32 R arora --inputs 3 --widths 4,7

# ---- Beyond enumeration: cells with one image are counted once ----
# many WIDTH DEPTH: that many layers of that width.
many() {
    printf %s "$1"
    i=1
    while [ $i -lt "$2" ]; do
        printf ,%s "$1"
        i=$((i + 1))
    done
}
# merges FACTORS BOX ARGS...: the count is what theory says, by any number of threads; without
# CREASE_LONG for every sixth of them.
merges() {
    sampled 6 || return 0
    number=$(python3 -c "print($1)")
    where=$2
    shift 2
    run 0 make "$@" --force -o "$net"
    ok; grep -q "Expected: $number regions in " "$net" || fail "make $*: another number"
    for how in "auto --threads 1" ${more:+"auto --threads 4"} "on --threads 2"; do
        # shellcheck disable=SC2086
        run 0 count --quiet $where --merge $how "$net"
        printed "$number" "make $*"
    done
}
in_cube='--box 0:1'
merges '27**19 * 130' "$in_cube" fold --inputs 3 --widths "$(many 9 20)"
merges '4**39 * 11' "$in_cube" fold --inputs 2 --widths "$(many 4 40)"
merges '9**59 * 22' "$in_cube" fold --inputs 2 --widths "$(many 6 60)"
merges '16**29 * 22' "$in_cube" serra --inputs 2 --widths "$(many 6 30)"
merges '5**60' "$in_cube" zigzag --inputs 1 --widths "$(many 4 60)"
merges '5**60' '' zigzag --inputs 1 --widths "$(many 4 60)"
merges '8 * 5**40' '' arora --inputs 2 --widths "8,$(many 4 40)"
merges '14 * 5**40' '' arora --inputs 3 --widths "8,$(many 4 40)"
run 0 make fold --inputs 2 --widths "$(many 4 40)" --force -o "$net"
run 0 count --json --box 0:1 "$net"
json "r['regions'] == str(4**39 * 11) and r['counts'] == {'activation': r['regions']}"
run 3 count --json --box 0:1 --limit-regions 1000 "$net"
json "int(r['regions']) >= 1000 and not r['complete']"
# 4^260 cells and more: beyond 2^512.
run 0 make fold --inputs 2 --widths "$(many 4 260)" --force -o "$net"
run 2 count --quiet --box 0:1 "$net"
says '2^512' err
rm -f "$net"

# ---- Arrangements ----
expect 11 "R 0:1" generic --inputs 2 --widths 4
expect 8 "R 0:1" generic --inputs 5 --widths 3
expect 386 "R 0:1" generic --inputs 4 --widths 10
expect 2 R braid --inputs 2
expect 120 R braid --inputs 5
expect 2 R type-b --inputs 1
expect 384 R type-b --inputs 4
expect 2 R resonance --inputs 1
expect 6 R resonance --inputs 2
expect 32 R resonance --inputs 3
expect 370 R resonance --inputs 4
expect 2 R threshold --inputs 1
expect 4 R threshold --inputs 2
expect 14 R threshold --inputs 3
expect 104 R threshold --inputs 4
expect 1882 R threshold --inputs 5
expect 3 R shi --inputs 2
expect 125 R shi --inputs 4
expect 4 R catalan --inputs 2
expect 336 R catalan --inputs 4

# ---- Maxout ----
maxout=3
expect 25 0:1 maxout-fold --inputs 1 --widths 2,2 --maxout 3
expect 475 0:1 maxout-fold --inputs 2 --widths 4,3 --maxout 3
expect 3375 0:1 maxout-fold --inputs 3 --widths 6,3 --maxout 3
expect 19 0:1 maxout-fold --inputs 2 --widths 3 --maxout 3
maxout=2
expect 324 0:1 maxout-fold --inputs 2 --widths 4,4,2 --maxout 2
maxout=4
expect 910 0:1 maxout-fold --inputs 1 --widths 4,2,3 --maxout 4
# at_least N ARGS...: make maxout predicts at least N, which both engines find.
at_least() {
    number=$1
    shift
    made="make maxout $*"
    run 0 make maxout "$@" -o "$net"
    says "^expected   at least $number regions in R^n: " out
    run 0 count --quiet --threads 1 "$net"
    found=$(cat "$dir/out")
    ok; [ "$found" -ge "$number" ] || fail "$made: $found regions, not $number"
    counts "$found" R
}
# refuses_with TEXT ARGS...
refuses_with() {
    text=$1
    shift
    refuses_in_a_line "$@"
    says "$text" err
}
maxout=3
at_least 27 --inputs 2 --widths 2,2 --maxout 3
at_least 81 --inputs 2 --widths 2,3,2 --maxout 3
maxout=5
at_least 625 --inputs 3 --widths 3,3 --maxout 5
maxout=
refuses_with "make maxout: the rank of its units is missing" make maxout --inputs 2 --widths 2,2 -o "$net"
refuses_with "make fold: its units are ReLU" make fold --inputs 2 --widths 4,4 --maxout 3 -o "$net"
refuses_with "no multiple of twice the inputs" make maxout-fold --inputs 2 --widths 6,4 --maxout 3 -o "$net"
refuses_with "fewer than the inputs" make maxout --inputs 3 --widths 2,4 --maxout 3 -o "$net"

# ---- Random: the seed decides ----
for seed in 1 1 2; do
    run 0 make random --inputs 3 --widths 8,8 --seed $seed -o "$dir/random-$seed.json"
    says '^expected   no number' out
    [ -e "$dir/again" ] || cp "$dir/random-1.json" "$dir/again"
done
ok; cmp -s "$dir/again" "$dir/random-1.json" || fail "random: the same seed, another network"
ok; cmp -s "$dir/again" "$dir/random-2.json" && fail "random: another seed, the same network"
made="make random"
cp "$dir/random-1.json" "$net"
run 0 count --quiet --threads 1 "$net"
counts "$(cat "$dir/out")" R
cp "$net" "$dir/out"
json 'all(x == __import__("ctypes").c_float(x).value for l in r["layers"]
    for w in l["weight"] + [l["bias"]] for x in w)'
json 'r["input"] == 3 and [len(l["weight"]) for l in r["layers"]] == [8, 8, 1]'
run 0 make random --inputs 100 --widths 200 -o "$net"
cp "$net" "$dir/out"
json '0.95 < __import__("statistics").pstdev(x for w in r["layers"][0]["weight"] for x in w) / 0.02**0.5 < 1.05'
json '0.4 < __import__("statistics").pstdev(r["layers"][0]["bias"]) < 0.6'

# ---- JSON, and numbers beyond binary64 ----
run 0 make fold --json --inputs 2 --widths 4,4,4 -o "$net"
json 'r["regions"] == 176 and r["domains"] == ["0:1"] and r["widths"] == [2, 4, 4, 4]'
json 'r["family"] == "fold" and r["source"] and r["formula"] and "seed" not in r'
run 0 make braid --json --inputs 91 -o "$net"
json 'r["regions"] == str(math.factorial(91)) and r["widths"] == [91, 4095]'
run 0 make resonance --json --inputs 12 -o "$net"
json 'r["regions"] is None and r["domains"] == []'
run 0 make random --json --seed 7 --inputs 2 --widths 3 -o "$net"
json 'r["regions"] is None and r["seed"] == 7'
if [ -n "$more" ]; then
    run 0 make serra --inputs 64 --widths 192,192,192 -o "$net"
    run 0 info "$net"
    run 0 make generic --inputs 64 --widths 100 -o "$net"
    run 0 info "$net"
fi
for family in type-b shi catalan threshold; do
    sampled 3 || continue
    case $family in type-b | shi) most=64 ;; catalan) most=52 ;; *) most=13 ;; esac
    run 0 make $family --inputs $most -o "$net"
    run 0 info "$net"
    refuses_in_a_line make $family --inputs $((most + 1)) -o "$net"
done

# ---- Refusals ----
rm -f "$net"
refuses_in_a_line make
refuses_in_a_line make "" --inputs 2 -o "$net"
refuses_in_a_line make folds --inputs 2 --widths 4,4 -o "$net"
refuses_in_a_line make fold --inputs 2 --widths 4,4
refuses_in_a_line make fold --widths 4,4 -o "$net"
refuses_in_a_line make fold --inputs 2 -o "$net"
refuses_in_a_line make fold --inputs 0 --widths 4,4 -o "$net"
refuses_in_a_line make fold --inputs 65 --widths 130 -o "$net"
refuses_in_a_line make fold --inputs 2 --widths 4,1 -o "$net"
refuses_in_a_line make serra --inputs 2 --widths 6,5 -o "$net"
refuses_in_a_line make zigzag --inputs 2 --widths 6,6 -o "$net"
refuses_in_a_line make zigzag --inputs 1 --widths 3,2 -o "$net"
refuses_in_a_line make arora --inputs 2 --widths 5,3 -o "$net"
refuses_in_a_line make arora --inputs 2 --widths 4,2 -o "$net"
refuses_in_a_line make generic --inputs 2 --widths 4,4 -o "$net"
refuses_in_a_line make braid --inputs 4 --widths 6 -o "$net"
refuses_in_a_line make braid --inputs 1 -o "$net"
refuses_in_a_line make braid --inputs 92 -o "$net"
refuses_in_a_line make resonance --inputs 13 -o "$net"
refuses_in_a_line make random --inputs 4097 --widths 2 -o "$net"
refuses_in_a_line make random --inputs 2 --widths 4096,1 -o "$net"
for widths in "" "," "4," ",4" "4,,4" 0 -1 a 4x4 4097 99999999999999999999999; do
    refuses_in_a_line make fold --inputs 2 --widths "$widths" -o "$net"
done
leaves_nothing "bad sizes"
for path in "" "$dir/missing/net.json" "$dir" /dev/null; do
    refuses_in_a_line make fold --inputs 2 --widths 4,4 -o "$path"
done
run 2 make fold fold --inputs 2 --widths 4,4 -o "$net"
run 2 make fold --inputs x --widths 4,4 -o "$net"
run 2 make fold --inputs 2 --widths 4,4 --box 0:1 -o "$net"
run 2 count --inputs 2 data/braid-4.json
run 2 bound --widths 4 data/braid-4.json
leaves_nothing "bad usage"
# A file that grows too large.
(ulimit -f 8; exec "$crease" make random --inputs 200 --widths 200 -o "$net") >"$dir/out" 2>"$dir/err"
code=$?
ok; [ "$code" -eq 2 ] || fail "a file too large: exit code $code"
ok; [ "$(wc -l <"$dir/err")" -eq 1 ] || fail "a file too large: not one line on stderr"
leaves_nothing "a file too large"
if [ -w /dev/full ]; then
    "$crease" make fold --inputs 2 --widths 4,4 -o "$net" >/dev/full 2>"$dir/err"
    code=$?
    ok; [ "$code" -eq 2 ] || fail "a full device: exit code $code"
fi

# ---- Identification: a layer of a fold in three dimensions maps all of its 27 cells onto the box ----
run 0 make fold --inputs 3 --widths 9,9,9,9,9,9,9,9,9,9 -o "$net"
{
    echo layer,cells_with_one_image,images,complete
    cells=1
    for layer in 1 2 3 4 5 6 7 8 9; do
        cells=$((27 * cells))
        echo "$layer,$cells,1,1"
    done
} >"$dir/want"
run 0 identify --box 0:1 --csv "$net"
ok; diff "$dir/want" "$dir/out" >&2 || fail "identify --csv of a fold"
run 3 identify --box 0:1 --limit-seconds 0.001 --json "$net"
says '"complete": false' out
run 3 identify --box 0:1 --limit-seconds 0.001 --csv "$net"
ok; ! sed 1d "$dir/out" | grep -qv ',0$' || fail "identify --csv that was stopped: $(cat "$dir/out")"
run 2 identify --box 0:1 --csv --json "$net"
# A linear layer has no states and yet a number, from 0 on, here as in the report of a count.
cat >"$dir/between.json" <<'END'
{"input": 1, "layers": [{"weight": [[1], [-1]], "bias": [0, 0], "activation": "relu"},
  {"weight": [[1, 1]], "bias": [-1], "activation": "linear"},
  {"weight": [[1], [-1]], "bias": [0, 3], "activation": "relu"},
  {"weight": [[1, 1]], "bias": [0], "activation": "linear"}]}
END
run 0 identify --json "$dir/between.json"
json '[b["layer"] for b in r["borders"]] == [2]'
run 0 count --json --merge=on "$dir/between.json"
json '[m["layer"] for m in r["statistics"]["merged"]] == [2]'
run 0 count --merge=on "$dir/between.json"
says '^merged     layer 2: 1 of 2 cells had an image that was known$' out
run 0 make resonance --inputs=4 --force -o "$net"
run 0 count --json --merge=on "$net"
json '[m["layer"] for m in r["statistics"]["merged"]] == [0] and r["statistics"]["cells"] == 0'
run 2 identify --engine walk "$net"

# ---- Help ----
run 0 make --help
for word in --inputs --widths --seed --output --json fold serra zigzag arora generic braid type-b \
    resonance threshold shi catalan random; do
    says "$word" out
done

finish
