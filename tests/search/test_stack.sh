#!/bin/sh
# Wide and deep networks with small stacks: the recursion has one level for every unit.
# Counts by hand: N different kinks on a line make N + 1 regions.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/shell.sh
[ "${MODE:-release}" = release ] || { echo "not run: sanitizers need larger stacks"; exit 0; }

# repeat N TEXT: N times, with commas between
repeat() {
    awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s%s", i ? "," : "", text }'
}

# wide N: units max(x - i, 0); behind them a unit that is positive everywhere
wide() {
    printf '{"input":1,"layers":[{"weight":[%s],"bias":[%s],"activation":"relu"},' \
        "$(repeat "$1" '[1]')" "$(awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%s%d", i ? "," : "", -i }')"
    printf '{"weight":[[%s]],"bias":[1],"activation":"relu"},' "$(repeat "$1" 1)"
    printf '{"weight":[[1]],"bias":[0],"activation":"linear"}]}\n'
}

# deep N: layers max(h + 1, 0), one kink
deep() {
    printf '{"input":1,"layers":[%s,{"weight":[[1]],"bias":[0],"activation":"linear"}]}\n' \
        "$(repeat "$1" '{"weight":[[1]],"bias":[1],"activation":"relu"}')"
}

# counts WANT OPTIONS FILE: with stacks of 512 KiB
counts() {
    want=$1
    shift
    # shellcheck disable=SC3045 # dash and bash have it
    got=$(ulimit -s 512 && "$crease" count -q --threads=2 "$@")
    code=$?
    ok; [ "$code:$got" = "0:$want" ] || fail "$* with small stacks: $got, exit $code, not $want"
}

wide 1500 >"$dir/wide.json"
deep 2000 >"$dir/deep.json"
counts 1501 "$dir/wide.json"
counts 1501 --cell=rays "$dir/wide.json"
counts 2 "$dir/deep.json"
counts 2 --cell=lp "$dir/deep.json"
counts 2 --engine=walk "$dir/deep.json"
wide 300 >"$dir/wide.json"
ok
# shellcheck disable=SC3045
(ulimit -s 256 && "$crease" certify --engine=walk --threads=2 -o "$dir/cert" "$dir/wide.json") >"$dir/out" 2>&1 ||
    fail "certify with small stacks: $(cat "$dir/out")"
exits 0 "${CREASE_CHECK:-${BUILD:-build}/crease-check}" "$dir/wide.json" "$dir/cert"

# Files nested deeply: refused, with stacks of 64 KiB.
# refuses WORDS COMMAND...
refuses() {
    words=$1
    shift
    # shellcheck disable=SC3045
    (ulimit -s 64 && "$crease" "$@") >"$dir/out" 2>"$dir/err"
    code=$?
    ok; { [ $code = 2 ] && grep -q "$words" "$dir/err"; } || fail "$* with small stacks: exit $code, $(cat "$dir/err")"
}
printf '{"input":1,"layers":%s1%s}' "$(repeat 2000 '[' | tr -d ,)" "$(repeat 2000 ']' | tr -d ,)" >"$dir/nested.json"
printf '(assert %s(<= X_0 1)%s)' "$(repeat 400 '(not ' | tr -d ,)" "$(repeat 400 ')' | tr -d ,)" >"$dir/nested.vnnlib"
python3 - "$dir/nested.safetensors" <<'PY'
import struct, sys
header = b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}"
open(sys.argv[1], "wb").write(struct.pack("<Q", len(header)) + header)
PY
refuses 'nested.json' info "$dir/nested.json"
refuses 'expected dtype' info "$dir/nested.safetensors"
refuses 'nested.vnnlib' count --vnnlib="$dir/nested.vnnlib" data/max-min-2d.json
# All commands, with the same stacks.
# small COMMAND...
small() {
    # shellcheck disable=SC3045
    (ulimit -s 64 && "$crease" "$@") >"$dir/out" 2>"$dir/err"
    code=$?
    ok; [ $code = 0 ] || fail "$* with small stacks: exit $code, $(cat "$dir/err")"
}
net=data/max-min-2d.json
small make zigzag --inputs=1 --widths=3,3 -o "$dir/zigzag.json"
for command in info bound compare count; do
    small $command "$net"
done
small convert "$net" "$dir/same.json"
small certify -o "$dir/small.cert" "$net"
small shard -o "$dir/jobs" --jobs=3 "$net"
printf '{"a":%s%s}' "$(repeat 2000 '[' | tr -d ,)" "$(repeat 2000 ']' | tr -d ,)" >"$dir/jobs/0000.result"
refuses 'foreign or damaged 0000.result' merge "$dir/jobs"
rm "$dir/jobs/0000.result"
small merge "$dir/jobs"
finish
