#!/bin/sh
# --domain, --vnnlib, --part and --slice on the command line, and certificates over them.
# CREASE and CREASE_CHECK name the programs; run from the repository root.
set -u
. tests/support/shell.sh
check=${CREASE_CHECK:-${BUILD:-build}/crease-check}
net=data/iris-4-16-16-3.json
export OMP_NUM_THREADS=2

[ -x "$crease" ] || die "no program $crease"
[ -x "$check" ] || die "no program $check"

# verified REGIONS ARGS...: of crease-check.
verified() {
    wanted=$1
    shift
    exits 0 "$check" "$@"
    printed "VERIFIED $wanted regions" "crease-check $*"
}

cat >"$dir/five.json" <<'NET'
{"input": 2, "layers": [
 {"weight": [[1, 0], [0, 1], [0, -1]], "bias": [0, 0, 0], "activation": "relu"},
 {"weight": [[1, -1, 1], [1, 0, 0]], "bias": [0, 0], "activation": "relu"},
 {"weight": [[1, -1]], "bias": [0], "activation": "linear"}]}
NET
cat >"$dir/clip.json" <<'NET'
{"input": 3, "layers": [
 {"weight": [[1, 2, 0], [0, 1, 5]], "bias": [0, 1], "activation": "clip", "low": -1, "high": 1},
 {"weight": [[1, -1]], "bias": [0], "activation": "linear"}]}
NET
echo '{"A": [[1, 1], [-1, 0]], "b": [1, 0]}' >"$dir/wedge.json"
echo '{"A": [[1, 1], [-1, -1]], "b": [1, -1]}' >"$dir/flat.json"
echo '{"A": [[1, 1, 1, 1]], "b": ["1/2"], "box": [[-1, 1], [-1, 1], [-1, 1], [-1, 1]]}' >"$dir/iris.json"
echo '{"box": [[-1, 1], [-1, 1], [-1, 1], [-1, 1]]}' >"$dir/box.json"
echo '{"origin": [0, 0, 0, 0], "directions": [[1, 0, 0, 0], [0, "1/2", 0.25, 1]]}' >"$dir/plane.json"
variables() {
    for i in $1; do echo "(declare-const X_$i Real)"; done
    echo "(declare-const Y_0 Real)"
}
{
    variables "0 1"
    echo "(assert (<= X_0 1)) (assert (>= X_0 -1)) (assert (<= Y_0 2))"
    echo "(assert (or (and (<= X_1 1) (>= X_1 0)) (and (<= X_1 0) (>= X_1 -1/2))))"
} >"$dir/two.vnnlib"
{
    variables "0 1 2"
    echo "(assert (<= X_0 1)) (assert (>= X_0 -1)) (assert (= X_1 0.5)) (assert (>= X_2 -2))"
    echo "(assert (<= (+ X_0 X_1 X_2) 3))"
} >"$dir/fixed.vnnlib"

# ---- Domains ----
run 0 count --json --domain "$dir/wedge.json" "$dir/five.json"
json 'r["regions"] == 3 and r["domain"].endswith("wedge.json") and r["complete"]'
run 0 count --domain "$dir/wedge.json" "$dir/five.json"
says '^domain     half-spaces of .*wedge.json$' out
run 0 count --quiet --box=-1:1 "$net"
boxed=$(cat "$dir/out")
run 0 count --quiet --domain "$dir/box.json" "$net"
printed "$boxed" "a box in a file"
run 0 count --quiet --domain "$dir/iris.json" "$net"
part=$(cat "$dir/out")
ok; if [ "$part" -lt 100 ] || [ "$part" -ge "$boxed" ]; then fail "$part of $boxed regions"; fi
for way in "--engine walk" "--cell lp" "--cell rays --threads 3" "--cell lp --lp glpk"; do
    # shellcheck disable=SC2086 # several words
    run 0 count --quiet $way --domain "$dir/iris.json" "$net"
    printed "$part" "$way"
done
run 0 bound --json --domain "$dir/iris.json" "$net"
json 'r["domain"].endswith("iris.json") and b["serra-2020"]["applies"]'
run 0 bound --domain "$dir/iris.json" "$net"
says '^domain     half-spaces of' out
run 0 compare --json --domain "$dir/iris.json" "$net"
json "r['networks'][0]['regions'] == $part"
run 0 compare --domain "$dir/wedge.json" "$dir/five.json" "$dir/five.json"
says '^domain     half-spaces of' out
run 3 count --json --limit-regions 5 --domain "$dir/iris.json" "$net"
json 'r["complete"] is False and r["regions"] >= 5'

refuses_in_a_line count --domain "$dir/flat.json" "$dir/five.json"
says 'no interior to count in' err
refuses_in_a_line certify --domain "$dir/flat.json" -o "$dir/none.cert" "$dir/five.json"
ok; [ ! -e "$dir/none.cert" ] || fail "a certificate of nothing"
refuses_in_a_line count --domain "$dir/wedge.json" "$net"
refuses_in_a_line count --domain "$dir/missing.json" "$net"
refuses count --domain "$dir/wedge.json" --box=-1:1 "$dir/five.json"
refuses count --domain "$dir/wedge.json" --vnnlib "$dir/two.vnnlib" "$dir/five.json"
refuses bound --domain "$dir/wedge.json" 2,5,5
refuses bound --slice "$dir/plane.json" 2,5,5
refuses info --domain "$dir/wedge.json" "$dir/five.json"
refuses_in_a_line count --engine walk --domain "$dir/wedge.json" --start 1,1 "$dir/five.json"
run 0 count --quiet --engine walk --domain "$dir/wedge.json" --start 0,1 "$dir/five.json"
printed 3 "from a corner"

run 0 certify --json --domain "$dir/iris.json" -o "$dir/iris.cert.zst" "$net"
json "r['regions'] == $part and r['certificate']['convert'] == ''"
verified "$part" --domain "$dir/iris.json" "$net" "$dir/iris.cert.zst"
exits 1 "$check" --domain "$dir/box.json" "$net" "$dir/iris.cert.zst"
exits 1 "$check" "$net" "$dir/iris.cert.zst"

# ---- Slices ----
run 0 info --json "$net"
whole=$(field digest)
run 0 info --json --slice "$dir/plane.json" "$net"
json "r['widths'][0] == 2 and r['digest'] != '$whole' and 'slice' in r['format']"
digest=$(field digest)
run 0 count --json --slice "$dir/plane.json" --box=-1:1 "$net"
json "r['dimension'] == 2 and r['network']['digest'] == '$digest' and r['slice'].endswith('plane.json')"
sliced=$(field regions)
run 0 count --slice "$dir/plane.json" --box=-1:1 "$net"
says '^domain     box -1:1, on the slice .*plane.json$' out
run 0 certify --slice "$dir/plane.json" --box=-1:1 -o "$dir/plane.cert" "$net"
says "crease-check needs the exact network as JSON: crease convert --slice=.*plane.json $net EXACT.json" out
run 0 convert --slice "$dir/plane.json" "$net" "$dir/plane-net.json"
verified "$sliced" --box=-1:1 "$dir/plane-net.json" "$dir/plane.cert"
exits 1 "$check" --box=-1:1 "$net" "$dir/plane.cert"
run 0 count --quiet --slice "$dir/plane.json" --domain "$dir/wedge.json" "$net"
ok; [ "$(cat "$dir/out")" -gt 1 ] || fail "a wedge of a slice: $(cat "$dir/out")"
run 0 bound --json --slice "$dir/plane.json" "$net"
json 'r["widths"][0] == 2'
refuses_in_a_line count --slice "$dir/plane.json" "$dir/five.json"
refuses_in_a_line count --slice "$dir/wedge.json" "$dir/five.json"
refuses_in_a_line count --slice "$dir/missing.json" "$dir/five.json"
refuses count --slice "$dir/plane.json" --vnnlib "$dir/two.vnnlib" "$dir/five.json"

# ---- Properties ----
run 0 count --json --vnnlib "$dir/two.vnnlib" "$dir/five.json"
json 'r["complete"] and [p["part"] for p in r["parts"]] == [1, 2]'
json '[p["regions"] for p in r["parts"]] == [3, 2]'
says 'two.vnnlib: 1 inequality with outputs left out' err
run 0 count --vnnlib "$dir/two.vnnlib" "$dir/five.json"
says '^domain     property .*two.vnnlib, part 2$' out
run 0 count --quiet --vnnlib "$dir/two.vnnlib" "$dir/five.json"
ok; [ "$(cat "$dir/out")" = "3
2" ] || fail "two parts: $(cat "$dir/out")"
ok; [ ! -s "$dir/err" ] || fail "--quiet: $(cat "$dir/err")"
run 0 count --json --vnnlib "$dir/two.vnnlib" --part 2 "$dir/five.json"
json 'r["regions"] == 2 and r["part"] == 2'
run 0 count --quiet --box=-1:1,-1/2:0 "$dir/five.json"
printed 2 "the second part as a box"
run 3 count --json --engine walk --limit-regions 1 --vnnlib "$dir/two.vnnlib" "$dir/five.json"
json 'r["complete"] is False and len(r["parts"]) == 2'
for part in 0 -1 x 1.5; do
    refuses count --vnnlib "$dir/two.vnnlib" --part "$part" "$dir/five.json"
done
refuses_in_a_line count --vnnlib "$dir/two.vnnlib" --part 3 "$dir/five.json"
refuses count --part 1 "$dir/five.json"
refuses_in_a_line count --vnnlib "$dir/two.vnnlib" "$net"
refuses_in_a_line count --vnnlib "$dir/missing.vnnlib" "$net"
refuses_in_a_line count --vnnlib "$net" "$net"
for command in "bound" "compare" "certify -o $dir/two.cert"; do
    # shellcheck disable=SC2086 # several words
    run 2 $command --vnnlib "$dir/two.vnnlib" "$dir/five.json"
    says 'choose one with --part' err
    # shellcheck disable=SC2086
    run 0 $command --vnnlib "$dir/two.vnnlib" --part 1 "$dir/five.json"
done
run 0 convert --vnnlib "$dir/two.vnnlib" --part 1 --domain-output "$dir/two-1.json" "$dir/five.json" \
    "$dir/two-net.json"
verified 3 --domain "$dir/two-1.json" "$dir/two-net.json" "$dir/two.cert"
verified 3 --domain "$dir/two-1.json" "$dir/five.json" "$dir/two.cert"
verified 3 --box=-1:1,0:1 "$dir/five.json" "$dir/two.cert"

# An input that is fixed, one without an upper bound.
run 0 certify --vnnlib "$dir/fixed.vnnlib" -o "$dir/fixed.cert" "$dir/clip.json"
says 'needs the exact network and domain as JSON: crease convert --vnnlib=.*fixed.vnnlib --part=1 --domain-output=DOMAIN.json' out
run 0 convert --vnnlib "$dir/fixed.vnnlib" --domain-output "$dir/fixed-domain.json" "$dir/clip.json" \
    "$dir/fixed-net.json"
run 0 count --json --vnnlib "$dir/fixed.vnnlib" "$dir/clip.json"
json 'r["network"]["widths"][0] == 2 and r["regions"] > 3'
regions=$(field regions)
run 0 count --quiet --domain "$dir/fixed-domain.json" "$dir/fixed-net.json"
printed "$regions" "converted"
verified "$regions" --domain "$dir/fixed-domain.json" "$dir/fixed-net.json" "$dir/fixed.cert"
exits 1 "$check" "$dir/fixed-net.json" "$dir/fixed.cert"
refuses convert --domain-output "$dir/x.json" "$dir/clip.json" "$dir/y.json"
refuses convert --vnnlib "$dir/fixed.vnnlib" --domain-output "$dir/y.json" "$dir/clip.json" "$dir/y.json"
for file in clip.json fixed.vnnlib; do
    cp "$dir/$file" "$dir/kept"
    refuses_in_a_line convert --vnnlib "$dir/fixed.vnnlib" --domain-output "$dir/$file" "$dir/clip.json" \
        "$dir/y.json"
    ok; cmp -s "$dir/kept" "$dir/$file" || fail "$file was written over"
done
refuses_in_a_line certify --domain "$dir/wedge.json" -o "$dir/wedge.json" "$dir/five.json"
says 'would replace the domain' err

# ---- ACAS Xu: ACASXU names a directory with its networks ----
[ -n "${ACASXU:-}" ] || echo "not run: networks of ACAS Xu, as ACASXU does not name their directory"
for file in "${ACASXU:-/dev/null}"/*_1_1_*.onnx; do
    [ -r "$file" ] || continue
    "$crease" info "$file" >/dev/null 2>"$dir/err" || continue # built without a reader of .onnx
    run 0 count --json --vnnlib tests/domain/vnnlib/prop_3.vnnlib "$file"
    json 'r["regions"] == 71930 and r["dimension"] == 5'
    run 0 count --json --vnnlib tests/domain/vnnlib/prop_4.vnnlib "$file"
    json 'r["dimension"] == 4 and r["regions"] > 100'
    run 0 certify --quiet --vnnlib tests/domain/vnnlib/prop_4.vnnlib -o "$dir/acas.cert" "$file"
    regions=$(cat "$dir/out")
    run 0 convert --vnnlib tests/domain/vnnlib/prop_4.vnnlib --domain-output "$dir/acas-domain.json" "$file" \
        "$dir/acas.json"
    verified "$regions" --domain "$dir/acas-domain.json" "$dir/acas.json" "$dir/acas.cert"
done

# ---- --weights is for the numbers of domains and slices as well ---- A unit that switches at 1/10,
# and one at 3/10: 0.1 is above 1/10 both as float32 and as float64, 0.3 above 3/10 as float32 and
# below as float64.
for tenths in 1 3; do
    echo '{"input": 1, "layers": [{"weight": [[10]], "bias": [-'$tenths'], "activation": "relu"},
        {"weight": [[1]], "bias": [0], "activation": "linear"}]}' >"$dir/unit$tenths.json"
    echo '{"box": [[0, 0.'$tenths']]}' >"$dir/box$tenths.json"
    echo '{"A": [[1], [-1]], "b": [0.'$tenths', 0]}' >"$dir/half$tenths.json"
    echo '{"origin": [0.'$tenths'], "directions": [[1]]}' >"$dir/slice$tenths.json"
    echo '{"box": [[0, "0.'$tenths'"]]}' >"$dir/quoted$tenths.json"
    for weights in float32 float64 decimal ""; do
        case $tenths$weights in *decimal | 3float64 | 3) want=1 ;; *) want=2 ;; esac
        option=${weights:+--weights=$weights}
        for scope in "--domain=$dir/box$tenths.json" "--domain=$dir/half$tenths.json" \
            "--slice=$dir/slice$tenths.json --box=-1/10:0"; do
            # shellcheck disable=SC2086 # several words
            run 0 count --quiet $option $scope "$dir/unit$tenths.json"
            printed $want "$option $scope"
        done
        # shellcheck disable=SC2086
        run 0 count --quiet $option --domain="$dir/quoted$tenths.json" "$dir/unit$tenths.json"
        printed 1 "$option, quoted"
        # What is certified is what convert writes.
        # shellcheck disable=SC2086
        run 0 certify -o "$dir/unit.cert" $option --domain="$dir/box$tenths.json" "$dir/unit$tenths.json"
        case $weights in
        float32 | decimal)
            says "exact network and domain as JSON: crease convert --weights=$weights --domain=.* --domain-output=" out
            exits 1 "$check" --domain="$dir/box$tenths.json" "$dir/unit$tenths.json" "$dir/unit.cert" ;;
        *) verified $want --domain="$dir/box$tenths.json" "$dir/unit$tenths.json" "$dir/unit.cert" ;;
        esac
        # shellcheck disable=SC2086
        run 0 convert $option --domain="$dir/box$tenths.json" --domain-output="$dir/exact-box.json" \
            "$dir/unit$tenths.json" "$dir/exact.json"
        verified $want --domain="$dir/exact-box.json" "$dir/exact.json" "$dir/unit.cert"
    done
done
echo '{"box": [[0, 1e39]]}' >"$dir/large.json"
refuses_in_a_line count --weights=float32 --domain="$dir/large.json" "$dir/unit1.json"
says 'large.json: box, row 0, column 1: too large (decimals as float32)' err
run 0 count --weights=decimal --domain="$dir/large.json" "$dir/unit1.json"

finish
