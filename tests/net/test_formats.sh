#!/bin/sh
# Networks in .nnet, .npz, .safetensors and JSON: on the command line, good and faulty ones, and
# mutants. CREASE and CREASE_CHECK name the programs, BUILD the build directory; run from the
# repository root.
set -u
. tests/support/shell.sh
build=${BUILD:-build}
check=${CREASE_CHECK:-$build/crease-check}
export CREASE="$crease" READ_MANY="${READ_MANY:-$build/tests/read_many}"
export PYTHONDONTWRITEBYTECODE=1
here=tests/net

[ -x "$crease" ] || die "no program $crease"

differ() {
    ok; if [ -z "$1" ] || [ -z "$2" ] || [ "$1" = "$2" ]; then fail "$3: $1, $2"; fi
}

# max(-y, min(0, -x)) in three meanings of its decimals.
cat >"$dir/a.nnet" <<'NET'
// A comment.
// Another one.
3,2,1,3,
2,3,2,1,
0,
-1,-1,
1,1,
0.1,0.2,0.3,
2.0,3.0,0.7,
0.1,0.0,
0.0,0.1,
0.0,-0.1,
0.0,
0.0,
0.0,
1.0,-1.0,1.0,
1.0,0.0,0.0,
0.0,
0.0,
1.0,-1.0,
0.3,
NET
cp "$dir/a.nnet" "$dir/a"

# ---- Formats by name and by content, and what they mean ----
run 0 info "$dir/a.nnet"
says '^format     .nnet; decimals as float32; not normalised$' out
says '2 inputs; layers 3 relu, 2 relu, 1 linear; 20 parameters$' out
run 0 count --quiet "$dir/a.nnet"
says '^5$' out
same "$(digest "$dir/a.nnet")" "$(digest "$dir/a")" "by content"
same "$(digest "$dir/a.nnet")" "$(digest --weights=float32 "$dir/a")" "the default of .nnet"
differ "$(digest "$dir/a.nnet")" "$(digest --weights=float64 "$dir/a")" "float64"
differ "$(digest --weights=decimal "$dir/a.nnet")" "$(digest --weights=float64 "$dir/a")" "decimal"
differ "$(digest --nnet-normalise "$dir/a.nnet")" "$(digest "$dir/a")" "normalised"
differ "$(digest --activation=abs "$dir/a.nnet")" "$(digest "$dir/a")" "abs"
cp "$dir/a.nnet" "$dir/a.json"
refuses info "$dir/a.json"
cp data/abs-1d.json "$dir/b.nnet"
refuses info "$dir/b.nnet"
cp data/abs-1d.json "$dir/b"
same "$(digest "$dir/b")" "$(digest data/abs-1d.json)" "JSON by content"
for net in data/abs-1d.json ${more:+data/*.json}; do
    same "$(digest "$net")" "$(digest --weights=float64 "$net")" "the default of JSON, $net"
done

# ---- crease convert ----
for options in "" ${more:+--weights=float64 --weights=decimal} --nnet-normalise --activation=leaky_relu:1/3,abs; do
    # shellcheck disable=SC2086 # none or one word
    run 0 convert $options "$dir/a.nnet" "$dir/exact.json"
    says '^written    .*exact.json$' out
    # shellcheck disable=SC2086
    same "$(digest "$dir/exact.json")" "$(digest $options "$dir/a.nnet")" "convert $options"
    for weights in float32 decimal; do
        same "$(digest "$dir/exact.json")" "$(digest --weights=$weights "$dir/exact.json")" "exact"
    done
    # shellcheck disable=SC2086
    same "$("$crease" count --quiet "$dir/exact.json")" "$("$crease" count --quiet $options "$dir/a")" count
done
cat >"$dir/maxout.json" <<'NET'
{"input": 2, "layers": [
 {"weight": [[1, 0.1], [0, 1], ["1/3", -1], [2, 2], [0, -0.3]], "bias": [0, 0, 0, 1, 0.7],
  "activation": "maxout", "rank": 2, "carry": 1},
 {"weight": [[1, -1, 1], [1, 0, 1e-320]], "bias": [0, 123456789.5], "activation": "clip",
  "low": -1e300, "high": "0x1.8p-5000", "carry": 1},
 {"weight": [[1, -1]], "bias": [0], "activation": "linear"}]}
NET
set -- data/iris-4-16-16-3.json tests/regress/near-tenths.json
[ -z "$more" ] || set -- data/*.json tests/regress/*.json
for net in "$@" "$dir/maxout.json"; do
    for weights in float64 decimal; do
        run 0 convert --weights=$weights "$net" "$dir/exact.json"
        same "$(digest --weights=$weights "$net")" "$(digest "$dir/exact.json")" "convert $net"
    done
done
refuses convert "$dir/a.nnet"
refuses convert "$dir/a.nnet" "$dir/exact.txt"
refuses convert "$dir/a.nnet" "$dir/exact.json" "$dir/more.json"
refuses convert "$dir/b.json" "$dir/exact.json"
refuses convert "$dir/a.nnet" "$dir/nowhere/exact.json"
refuses convert data/abs-1d.json data/abs-1d.json
mkdir "$dir/folder.json"
refuses convert "$dir/a.nnet" "$dir/folder.json"
zeros=$(awk 'BEGIN { for (i = 0; i < 5000; i++) printf "0" }')
sed "s/^0.1,0.0,\$/1e-5000,1e-5000,/; s/^2.0,3.0,0.7,\$/1${zeros}1e4000,1${zeros}3e4000,7,/" "$dir/a.nnet" \
    >"$dir/long.nnet"
refuses convert --weights=decimal --nnet-normalise "$dir/long.nnet" "$dir/long.json"
says 'layers\[0\].*too long' err
ok; [ -z "$(find "$dir" -name '*.json.*' -o -name 'long.json')" ] || fail "convert leaves files"

# ---- A certificate of another format is checked with what convert writes ----
run 0 certify --weights=float64 -o "$dir/a.cert" "$dir/a.nnet"
says 'crease convert --weights=float64 .*a.nnet EXACT.json' out
run 0 certify --json -o "$dir/b.cert" "$dir/a.nnet"
says '"convert": "crease convert .*a.nnet"' out
run 0 certify --json -o "$dir/b.cert" data/max-min-2d.json
says '"convert": ""' out
run 0 convert --weights=float64 "$dir/a.nnet" "$dir/exact.json"
ok; [ "$("$check" "$dir/exact.json" "$dir/a.cert")" = "VERIFIED 5 regions" ] || fail "certificate"
run 0 convert "$dir/a.nnet" "$dir/exact.json"
exits 1 "$check" "$dir/exact.json" "$dir/a.cert"

# ---- Options that a format has no use for, and wrong ones ----
refuses info --activation=relu data/abs-1d.json
says 'no use for --activation' err
refuses info --nnet-normalise data/abs-1d.json
refuses info --layers=0 "$dir/a.nnet"
refuses info --weights=float16 "$dir/a.nnet"
refuses info --weights=auto "$dir/a.nnet"
refuses info --activation=maxout "$dir/a.nnet"
refuses info --activation=relu,relu,relu "$dir/a.nnet"
run 0 bound "$dir/a.nnet"
run 0 compare --weights=decimal "$dir/a.nnet" "$dir/exact.json"
refuses count "$dir/missing.nnet"
refuses count "$dir"
: >"$dir/empty.nnet"
: >"$dir/empty.npz"
: >"$dir/empty.safetensors"
for end in nnet npz safetensors; do refuses info "$dir/empty.$end"; done

# ---- Files made in Python ----
if command -v python3 >/dev/null 2>&1; then
    # What the file leaves open is said once, unless an option says it or the count is quiet.
    (cd $here && python3 -c '
import sys, writing as w
from faults import GOOD
open(sys.argv[1], "wb").write(w.zipped(GOOD[:3]))' "$dir/bare.npz")
    note='note: the file names no activations: ReLU after every hidden layer, none after the last'
    run 0 count "$dir/bare.npz"
    says "$note; --activation says otherwise; W1 has no bias: zeros\$" err
    run 0 count --activation=relu "$dir/bare.npz"
    says "note: W1 has no bias: zeros\$" err
    run 0 count --quiet "$dir/bare.npz"
    ok; [ ! -s "$dir/err" ] || fail "a quiet count speaks"
    run 0 count --layers=W0 "$dir/bare.npz"
    ok; ! grep -q "$note" "$dir/err" || fail "a note of a network without hidden layers"
    ok; python3 $here/check.py || fail "check.py"
    ok; python3 $here/kinds.py || fail "kinds.py"
    ok; python3 $here/fuzz.py || fail "fuzz.py"
fi
for python in python3 /usr/bin/python3; do
    command "$python" -c 'import numpy' 2>/dev/null || continue
    ok; command "$python" $here/check_numpy.py || fail "check_numpy.py"
    break
done

finish
