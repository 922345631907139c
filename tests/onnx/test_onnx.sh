#!/bin/sh
# Networks in .onnx: on the command line, good and faulty ones, and mutants. CREASE names the
# program, BUILD the build directory; run from the repository root.
set -u
. tests/support/shell.sh
build=${BUILD:-build}
export CREASE="$crease" READ_MANY="${READ_MANY:-$build/tests/read_many}"
export PYTHONDONTWRITEBYTECODE=1
here=tests/onnx
data=$here/data

[ -x "$crease" ] || die "no program $crease"
if "$crease" info $data/softmax.onnx 2>&1 | grep -q 'crease was built without'; then
    echo "not run: crease was built without .onnx"
    exit 0
fi

# ---- Formats by name and by content, notes, options ----
run 0 info $data/softmax.onnx
says '^format     .onnx; opset 13; input of shape 1x2$' out
says '2 inputs; layers 4 relu, 3 linear; 27 parameters$' out
says '^crease: .*softmax.onnx: note: the final Softmax (node 3) is ignored, since it changes no activation region; with ' err
run 0 info --json $data/softmax.onnx
says '"notes": "the final Softmax (node 3) is ignored' out
run 0 count --quiet $data/softmax.onnx
ok; [ ! -s "$dir/err" ] || fail "count --quiet: $(cat "$dir/err")"
run 0 info $data/residual.onnx
says 'layers 6 relu and 3 carried, 4 relu and 4 carried, 5 relu and 4 carried, 4 relu, 2 linear' out
ok; [ ! -s "$dir/err" ] || fail "a note without reason: $(cat "$dir/err")"
cp $data/cnn.onnx "$dir/cnn"
same "$(digest "$dir/cnn")" "$(digest $data/cnn.onnx)" "by content"
refuses_in_a_line info --activation=relu $data/cnn.onnx
says 'no use for --activation' err
refuses_in_a_line info --weights=float32 $data/cnn.onnx
: >"$dir/empty.onnx"
refuses_in_a_line info "$dir/empty.onnx"
says 'the file is empty' err
cp data/abs-1d.json "$dir/json.onnx"
refuses_in_a_line count "$dir/json.onnx"
says 'not a good ONNX file: byte ' err

# ---- The same network in JSON ----
for net in "$data"/*.onnx; do
    sampled 2 || continue
    run 0 convert "$net" "$dir/exact.json"
    same "$(digest "$net")" "$(digest "$dir/exact.json")" "$net converted"
done
for net in residual gates norm; do
    run 0 convert $data/$net.onnx "$dir/exact.json"
    for engine in split walk; do
        same "$("$crease" count --quiet --engine=$engine --box=-2:2 $data/$net.onnx)" \
            "$("$crease" count --quiet --box=-2:2 "$dir/exact.json")" "$net, $engine"
    done
done
run 0 certify -o "$dir/gates.cert" $data/gates.onnx
run 0 convert $data/gates.onnx "$dir/gates.json"
ok; "${CREASE_CHECK:-$build/crease-check}" "$dir/gates.json" "$dir/gates.cert" >"$dir/out" 2>&1 ||
    fail "certificate of gates: $(cat "$dir/out")"

# ---- ACAS Xu: ACASXU names a directory with its networks ----
[ -n "${ACASXU:-}" ] || echo "not run: networks of ACAS Xu, as ACASXU does not name their directory"
for net in "${ACASXU:-/dev/null}"/*.onnx; do
    [ -e "$net" ] || continue
    sampled 3 || continue
    run 0 convert "$net" "$dir/acasxu.json"
    says '5 inputs; layers 6 x 50 relu, 5 linear; 13305 parameters$' out
    same "$(digest "$net")" "$(digest "$dir/acasxu.json")" "$net converted"
    same "$("$crease" count --quiet --box=-0.02:0.02 "$net")" \
        "$("$crease" count --quiet --engine=walk --box=-0.02:0.02 "$dir/acasxu.json")" "$net in a box"
done

# ---- Files made in Python ----
if command -v python3 >/dev/null 2>&1; then
    for script in external clip_bounds check fuzz_onnx regions wide; do
        ok; python3 $here/$script.py || fail "$script.py"
    done
fi
# with MODULE SCRIPT: by the first Python that has the module, if there is one.
with() {
    for python in python3 /usr/bin/python3; do
        # Without importing it, which takes seconds.
        command "$python" -c "import importlib.util, sys; sys.exit(not importlib.util.find_spec('$1'))" 2>/dev/null || continue
        ok; command "$python" "$here/$2" || fail "$2"
        return
    done
    echo "not run: $2, no Python with $1"
}
with onnx check_onnx.py
if [ -n "$more" ]; then
    with torch check_torch.py
    with torch check_export.py
else
    echo "not run: check_torch.py and check_export.py, which make check-long runs"
fi
finish
