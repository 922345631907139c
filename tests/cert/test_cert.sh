#!/bin/sh
# Certificates of small networks: prove.py makes them, both checkers check them, and again after
# they were damaged; then the same for certificates from crease. CREASE_CHECK names the program (if
# it is not there, check.py stands alone), CREASE the counter, MUTANTS how many damaged files per
# certificate. Run from the repository root.
set -u
. tests/support/shell.sh
check=${CREASE_CHECK:-${BUILD:-build}/crease-check}
mutants=${MUTANTS:-10}
here=tests/cert

command -v python3 >/dev/null 2>&1 || { echo "not run: no python3"; exit 0; }
[ -x "$crease" ] || die "no program $crease"
[ -x "$check" ] || { echo "test_cert: no program $check, check.py only"; check=; }
export CREASE="$crease" CREASE_CHECK="$check"

# verdict WANT TEXT PROGRAM... ARGS...: code, stdout and a message on stderr of a checker.  Without
# CREASE_LONG a sample of the checker in Python, which starts slowly.
verdict() {
    [ "$3" != python3 ] || sampled 10 || return 0
    want=$1
    text=$2
    shift 2
    exits "$want" "$@"
    ok
    [ "$(cat "$dir/out")" = "$text" ] || fail "$*: prints $(head -c 200 "$dir/out")"
    [ "$want" -eq 0 ] && return
    ok
    [ -s "$dir/err" ] || fail "$*: no message on stderr"
    IFS= read -r line <"$dir/err"
    ok
    case $want:$line in 1:*[0-9]* | 2:*) ;; *) fail "$*: no offset: $line" ;; esac
}

prove() {
    ok
    python3 $here/prove.py "$@" >/dev/null || fail "prove.py $*"
}

# ---- The command line of a checker ----

net=data/max-min-2d.json
prove --style split "$net" -o "$dir/plane"
prove --style count "$net" -o "$dir/count"
prove --style cross --box -1:1 "$net" -o "$dir/box"
prove --style mix --box=-1:1,-2:1/2 "$net" -o "$dir/boxes"
echo '{"A": [[1, 1], ["-1/3", 0]], "b": [1, 1]}' >"$dir/wedge.json"
echo '{"b": [1, "0x1p0"], "A": [["1", 1e0], ["-1/3", "0"]], "comment": "the same"}' >"$dir/same.json"
echo '{"A": [[1, 1], ["-1/3", 0]], "b": [1, 2]}' >"$dir/wider.json"
echo '{"box": [[-1, 1], [-1, 1]]}' >"$dir/box.json"
echo '{"A": [], "b": []}' >"$dir/plane.json"
prove --style mix --domain "$dir/wedge.json" "$net" -o "$dir/wedge"
if command -v zstd >/dev/null 2>&1; then
    zstd -q "$dir/plane" -o "$dir/plane.zst"
    head -c 120 "$dir/plane" | zstd -q >"$dir/two.zst"
    tail -c +121 "$dir/plane" | zstd -q >>"$dir/two.zst"
    head -c 100 "$dir/plane.zst" >"$dir/cut.zst"
    (cat "$dir/plane.zst" && echo more) >"$dir/more.zst"
fi
: >"$dir/empty"
(cat "$dir/plane" && echo more) >"$dir/more"
echo '{"input": 1, "layers": []}' >"$dir/bad.json"

cat >"$dir/bad.domains" <<'TEXT'
{}
[]
{"A": [[1, 1]]}
{"b": [1]}
{"A": [[1, 1]], "b": []}
{"A": [[1, 1]], "b": [1, 2]}
{"A": [[1, 1, 1]], "b": [1]}
{"A": [[1], [1]], "b": [1, 1]}
{"A": [[0, 0]], "b": [1]}
{"A": [[1, "x"]], "b": [1]}
{"A": [[1, "1/0"]], "b": [1]}
{"A": [[1, NaN]], "b": [1]}
{"A": [[1, 1]], "b": [1]} {}
{"A": [[1, 1]], "b": [1], "c": 1}
{"A": [[1, 1]], "b": [1], "b": [1]}
{"A": [[1, 1]], "b": [1], "comment": 1}
{"box": [[0, 1]]}
{"box": [[0, 1], [1, 1]]}
{"box": [[0, 1], [2, 1]]}
{"box": [[0, 1], [0, 1, 2]]}
{"box": "0:1"}
0:1
TEXT

command_line() {
    verdict 0 "VERIFIED 5 regions" "$@" "$net" "$dir/plane"
    verdict 0 "VERIFIED 5 regions" "$@" "$net" "$dir/count"
    verdict 0 "VERIFIED 5 regions" "$@" --box -1:1 "$net" "$dir/box"
    verdict 0 "VERIFIED 5 regions" "$@" --box=-1:1,-1:1 "$net" "$dir/box"
    verdict 0 "VERIFIED 5 regions" "$@" --box=-1.0:1,-2e0:0x1p-1 "$net" "$dir/boxes"
    verdict 0 "VERIFIED 5 regions" "$@" --domain "$dir/wedge.json" "$net" "$dir/wedge"
    verdict 0 "VERIFIED 5 regions" "$@" --domain "$dir/same.json" "$net" "$dir/wedge"
    verdict 0 "VERIFIED 5 regions" "$@" --domain="$dir/box.json" "$net" "$dir/box"
    verdict 0 "VERIFIED 5 regions" "$@" --domain="$dir/plane.json" "$net" "$dir/plane"
    verdict 1 "" "$@" --domain "$dir/wider.json" "$net" "$dir/wedge"
    verdict 1 "" "$@" "$net" "$dir/wedge"
    verdict 1 "" "$@" --domain "$dir/wedge.json" "$net" "$dir/plane"
    verdict 2 "" "$@" --domain "$dir/missing.json" "$net" "$dir/wedge"
    verdict 2 "" "$@" --domain "$net" "$net" "$dir/wedge"
    verdict 2 "" "$@" --domain "$dir/box.json" --box=-1:1 "$net" "$dir/box"
    verdict 2 "" "$@" --domain "$dir/wedge.json" data/iris-4-16-16-3.json "$dir/wedge"
    verdict 1 "" "$@" --box=-1:1 "$net" "$dir/boxes"
    verdict 1 "" "$@" "$net" "$dir/box"
    verdict 1 "" "$@" --box=-1:1 "$net" "$dir/plane"
    verdict 1 "" "$@" data/fold-2d-4-4-4.json "$dir/plane"
    verdict 1 "" "$@" "$net" "$dir/empty"
    verdict 1 "" "$@" "$net" "$dir/more"
    verdict 1 "" "$@" "$net" "$net"
    verdict 2 "" "$@"
    verdict 2 "" "$@" "$net"
    verdict 2 "" "$@" "$net" "$dir/plane" "$dir/plane"
    verdict 2 "" "$@" --nonsense "$net" "$dir/plane"
    verdict 2 "" "$@" "$net" "$dir/missing"
    verdict 2 "" "$@" "$net" "$dir"
    verdict 2 "" "$@" "$dir/missing.json" "$dir/plane"
    verdict 2 "" "$@" "$dir/bad.json" "$dir/plane"
    verdict 2 "" "$@" "$dir/plane" "$dir/plane"
    set_of_bad=$dir/bad.domains
    if [ -z "$more" ] && [ "$1" = python3 ]; then
        set_of_bad=$dir/few.domains
        sed -n '1p;12p;16p' "$dir/bad.domains" >"$set_of_bad"
        for bad in 1 2:1 0:1/0; do
            verdict 2 "" "$@" "--box=$bad" "$net" "$dir/box"
        done
    else
        for bad in : 1 1:1 2:1 a:b 0:1,0:1,0:1 0:inf 0:1/0 '0:1,'; do
            verdict 2 "" "$@" "--box=$bad" "$net" "$dir/box"
        done
    fi
    while read -r bad; do
        echo "$bad" >"$dir/bad.domain"
        verdict 2 "" "$@" --domain "$dir/bad.domain" "$net" "$dir/wedge"
    done <"$set_of_bad"
    [ -s "$dir/plane.zst" ] || return
    verdict 0 "VERIFIED 5 regions" "$@" "$net" "$dir/plane.zst"
    verdict 0 "VERIFIED 5 regions" "$@" "$net" "$dir/two.zst"
    verdict 1 "" "$@" "$net" "$dir/cut.zst"
    verdict 1 "" "$@" "$net" "$dir/more.zst"
}

command_line python3 $here/check.py
[ -z "$check" ] || command_line "$check"

# ---- Rules one by one, then networks: certificates of all styles, and mutants ----

mkdir "$dir/rules" "$dir/nets"
ok
python3 $here/rules.py "$dir/rules" ${check:+"$check"} || fail "rules"

python3 $here/nets.py "$dir/nets" >"$dir/list" || fail "nets.py"
# Without CREASE_LONG every sixteenth of them.
[ -n "$more" ] || { sed -n '1~16p' "$dir/list" >"$dir/few" && mv "$dir/few" "$dir/list"; }
while read -r name box; do
    set --
    case $box in
        -) ;;
        \{*) printf '%s' "$box" >"$dir/domain" && set -- "--domain=$dir/domain" ;;
        *) set -- "--box=$box" ;;
    esac
    "$crease" count --json "$@" "$dir/nets/$name.json" </dev/null >"$dir/out"
    regions=$(field regions)
    digest=$(field digest)
    ok
    [ -n "$regions" ] || fail "$name $box: no count"
    [ -n "$digest" ] || fail "$name: no digest"
    echo "$name $box ${regions:-0} ${digest:-0}"
done <"$dir/list" >"$dir/expected"
ok
python3 $here/mutate.py "$dir/nets" "$dir/expected" "$mutants" ${check:+"$check"} ||
    fail "certificates and mutants"
ok
python3 $here/parts.py "$dir/nets" "$dir/expected" "$mutants" ${check:+"$check"} ||
    fail "certificates in parts"
ok
python3 $here/writer.py "$dir/nets" "$dir/expected" $(((mutants + 9) / 10)) ||
    fail "certificates of crease"
if [ -n "$check" ]; then
    ok
    CREASE=$crease CREASE_CHECK=$check MUTANTS=$mutants python3 $here/merged.py $((8 * ((mutants + 9) / 10))) ||
        fail "certificates with cells like others"
fi

finish
