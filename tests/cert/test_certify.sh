#!/bin/sh
# Black-box tests of `crease certify` and `crease-check`: what a user or a batch job meets.
# CREASE and CREASE_CHECK name the programs; CREASE_LONG=1 adds the largest network, MUTANTS is
# how many damaged networks there are. Run from the repository root.
set -u
. tests/support/shell.sh
check=${CREASE_CHECK:-${BUILD:-build}/crease-check}
iris=data/iris-4-16-16-3.json
moons=data/moons-2-16-16-2.json
braid=data/braid-4.json
w=$dir/w # for certificates alone: nothing else may be found there
export CREASE="$crease" CREASE_CHECK="$check"

# rejects WANT TEXT COMMAND...: nothing on stdout, one line on stderr, with TEXT.
rejects() {
    status=$1
    text=$2
    shift 2
    exits "$status" "$@"
    one_line "$*"
    says "$text" err
    ok; [ ! -s "$dir/out" ] || fail "$*: output in spite of an error"
}

verified() {
    number=$1
    shift
    exits 0 "$check" "$@"
    printed "VERIFIED $number regions" "$*"
}

# left NAME...: the files in $w, hidden ones too.
left() {
    found=
    for entry in "$w"/* "$w"/.[!.]*; do
        [ ! -e "$entry" ] || found="$found./${entry#"$w/"} "
    done
    ok; [ "$found" = "$*${1:+ }" ] || fail "files left: $found, expected: $*"
}

mkdir "$w" "$dir/folder" && mkfifo "$dir/fifo" && : >"$dir/empty"
for program in "$crease" "$check"; do
    [ -x "$program" ] || die "no program $program"
done

# ---- Round trips ----

# certify WANT ARGS...: certificates of $network in $w/f and $w/f.zst, without CREASE_LONG in one of
# them, of WANT regions unless ""; the report is true of the file, and the checker reads the same
# network and agrees.
certify() {
    want=$1
    shift
    exits 0 "$crease" info --json "$network"
    digest=$(field digest)
    rm -f "$w"/*
    files='f f.zst'
    [ -n "$more" ] || { sampled 2 && files=f || files=f.zst; }
    for file in $files; do
        exits 0 "$crease" certify --json "$@" "$network" -o "$w/$file"
        regions=$(field regions)
        size=$(wc -c <"$w/$file")
        ok; [ "$regions" = "${want:-$regions}" ] || fail "$network $*: $regions regions, not $want"
        ok; [ "$(field bytes)" -eq "$size" ] || fail "$network $*: $size bytes, the report says otherwise"
        says "\"file\": \"$w/$file\"" out
        ok; awk -v a="$(field bytes_per_region)" -v b="$size" -v c="$regions" \
            'BEGIN { d = a * c / b - 1; exit !(d < 1e-5 && d > -1e-5) }' ||
            fail "$network $*: bytes per region are not $size / $regions"
        exits 0 "$check" --json ${box:+"$box"} "$network" "$w/$file"
        ok; [ "$(field verified) $(field regions)" = "true $regions" ] || fail "$network $*: not verified"
        ok; [ "$(field network)" = "$digest" ] || fail "$network: crease and crease-check read two networks"
    done
    case $files in *' '*) left ./f ./f.zst ;; *) left "./$files" ;; esac
}

for network in data/*.json; do
    box='' want=''
    case $network in # counts that data/README.md has from elsewhere
    */abs*) want=2 ;;
    */max-min*) want=5 ;;
    */braid*) want=24 ;;
    */zigzag*) want=125 ;;
    */fold*) want=220 ;;
    */moons*) want=648 ;;
    esac
    case $network in */abs* | */diabetes* | */digits* | */iris* | */wine*) [ -n "$more" ] || continue ;; esac
    certify "$want" --threads 1
    mv "$w"/f* "$dir"
    for threads in 3 ${more:+2}; do
        for file in $files; do
            exits 0 "$crease" certify -q --threads "$threads" "$network" --output="$w/$file"
            ok; [ "$(cat "$dir/out" "$dir/err")" = "$regions" ] || fail "--quiet: more than the bare count"
            ok; cmp "$w/$file" "$dir/$file" || fail "$network: another $file with $threads threads"
        done
    done
    # The walk without CREASE_LONG: below, in boxes.
    [ -z "$want" ] || [ -z "$more" ] || certify "$want" --engine walk
done
while read -r network box want options; do
    case $network in */zigzag* | */iris*) [ -n "$more" ] || continue ;; esac
    box=--box=$box
    # shellcheck disable=SC2086 # several options
    certify "${want#-}" "$box" $options
done <<'BOXES'
data/fold-2d-4-4-4.json 0:1 176
data/fold-2d-4-4-4.json 0:1 176 --engine walk
data/fold-2d-4-4-4.json -1:1,-2/3:0x1.8p3 - --cell lp
data/zigzag-1d-n4-l3.json 0:1 125
data/iris-4-16-16-3.json -1:1 3208
data/moons-2-16-16-2.json -0.5:1.5 - --engine walk --lp glpk
data/breast-cancer-30-8-8-2.json -1/100:1e-2 -
BOXES
# The second input in units of 2^-40: the checker takes other units.
network=$dir/units.json
python3 - data/fold-2d-4-4-4.json "$network" <<'PYTHON' || die "no python3"
import json, sys
net = json.load(open(sys.argv[1]))
for row in net["layers"][0]["weight"]:
    row[1] *= 2.0 ** -40
json.dump(net, open(sys.argv[2], "w"))
PYTHON
echo '{"A": [[1, "1/1099511627776"], [-1, "1/2000000000000"]], "b": [2, 1]}' >"$dir/wedge.json"
for merge in on off; do
    box=--box=0:1,0:1099511627776
    certify 176 "$box" --merge $merge
    for box in --box=1/8:1,137438953472:1099511627776 --domain="$dir/wedge.json"; do
        certify "" "$box" --merge $merge
    done
done
# Many hyperplanes that meet, with weights of few bits: proved from rays, not from outlines.
network=$dir/few.json box=--box=-2:2
cat >"$network" <<'JSON'
{"input": 5, "layers": [
 {"weight": [[-1, -1, -1, 0, -1], [1, 1, 0, 0, 1], [-1, 1, -1, 1, 1], [-1, 0, 1, 0, 1], [1, 0, 1, 0, 1], [0, -1, -1, 0, 0], [0, 0, 0, 1, -1]],
  "bias": [1, -1, -1, -1, -1, -1, 0], "activation": "relu"},
 {"weight": [[1, 1, 1, 1, 1, 1, 1]], "bias": [0], "activation": "linear"}]}
JSON
run 0 count --quiet --cell lp "$box" "$network"
certify "$(cat "$dir/out")" "$box"
exits 0 "$check" --dump "$w/${files%% *}"
ok; grep -q '^[0-9]* *LEAF 3 ' "$dir/out" || fail "no MEET: $(cat "$dir/out")"
# Where doubles find no point at which hyperplanes meet, what was begun with them is given up.
network=$dir/far.json box=--box=-2:0.5,-1e9:0.5,-0.5:0.5
cat >"$network" <<'JSON'
{"input": 3, "layers": [
 {"weight": [[0, -1, 0], [-0.2, -0.1, 1], [1, 1, -0.2]], "bias": [-1, -0.7, 0], "activation": "relu"},
 {"weight": [[1, 1, 1]], "bias": [0], "activation": "linear"}]}
JSON
run 0 count --quiet --cell lp "$box" "$network"
certify "$(cat "$dir/out")" "$box"
# Where hyperplanes nearly are one, a point on both is known less well than its coordinates.
network=$dir/alike.json box=--box=-1:0
cat >"$network" <<'JSON'
{"input": 5, "layers": [
 {"weight": [[0.3, -0.5, -0.8, 0.1, -0.9], ["44275788656604818637/9007199254740992", "-73778869815508939571/9007199254740992",
   -13106, "7375545109744661709/4503599627370496", -14745.6]],
  "bias": [-0.1, "-59033183915572464845/36028797018963968"], "activation": "relu"},
 {"weight": [[1, 1]], "bias": [0], "activation": "linear"}]}
JSON
certify 4 "$box"
# Coordinates of rays that are shared become better known in some cells: what is written does not depend on
# which of them come first.
network=$dir/path.json box=--box=-100:100
cat >"$network" <<'JSON'
{"input": 5, "layers": [
 {"weight": [[-106881896, -21300913, -45490856, 55130007, -10479787], [-208754.09, 0, -88850, 107676, -20469]],
  "bias": [-63209204, -123455], "activation": "relu"},
 {"weight": [[-954, 0], [0, 10707.86], [0, 1403501119]], "bias": [0, -13235, -1734713308], "activation": "relu"},
 {"weight": [[1, 1, 1]], "bias": [0], "activation": "linear"}]}
JSON
run 0 count --quiet --cell lp "$box" "$network"
said=$(cat "$dir/out")
for threads in 1 3 4; do
    exits 0 "$crease" certify -q --threads "$threads" "$box" "$network" -o "$w/$threads"
    ok; cmp "$w/1" "$w/$threads" || fail "$network: another certificate with $threads threads"
done
verified "$said" "$box" "$network" "$w/1"
rm "$w"/[134]
# A piece that beats two others cuts a cell twice: a unit that is settled by the first cut need not be least
# on the second.
network=$dir/pieces.json box=--box=-2:2
cat >"$network" <<'JSON'
{"input": 2, "layers": [
 {"weight": [[-4, -6], [5, 1], [-2, -3], [6, 6], [-4, 6], [0, 5]], "bias": [-1, -3, -1, -6, 1, 7],
  "activation": "maxout", "rank": 3},
 {"weight": [[2, 3], [3, -2]], "bias": [1, 2], "activation": "relu"},
 {"weight": [[1, 1]], "bias": [0], "activation": "linear"}]}
JSON
certify 12 "$box"
# With --plain it has no other nodes.
for net in $moons data/abs-1d.json data/braid-4.json; do
    run 0 certify --quiet --plain -o "$w/plain" "$net"
    said=$(cat "$dir/out")
    exits 0 "$CREASE_CHECK" "$net" "$w/plain"
    ok; [ "$(cat "$dir/out")" = "VERIFIED $said regions" ] || fail "$net: --plain: $(cat "$dir/out")"
    exits 0 "$CREASE_CHECK" --dump "$w/plain"
    ok; ! sed 1,6d "$dir/out" | grep -v -w -e SPLIT -e FORCE -e LEAF || fail "$net: --plain"
done
exits 0 "$crease" certify $moons -o "$w/f"
says "^certificate $w/f: [0-9]* bytes, " out
(umask 027 && "$crease" certify -q $moons -o "$w/mode" >"$dir/out")
ok; [ -n "$(find "$w/mode" -perm 640)" ] || fail "the mode of the file is not that of umask"

# ---- Errors of certify: code 2, a line that names the file, and no file ----

rm -f "$w"/*
exits 2 "$crease" certify $moons
says output err
exits 2 "$crease" certify -o "$w/f"
rejects 2 "$dir/missing.json" "$crease" certify "$dir/missing.json" -o "$w/f"
rejects 2 start "$crease" certify --engine walk --start 1 $moons -o "$w/f"
rejects 2 'maxout units of rank 3' "$crease" certify --plain tests/regress/maxout-branch.json -o "$w/f"
rejects 2 plain "$crease" certify --plain --engine split $moons -o "$w/f"
rejects 2 "$w/no/f: " "$crease" certify $moons -o "$w/no/f"
for path in "$dir/folder" "$dir/folder/" "$dir/fifo" /dev/full /dev/null; do
    rejects 2 "$path: not a regular file" "$crease" certify $moons -o "$path"
done
limited() {
    (ulimit -f 8 && exec "$crease" certify $iris -o "$1")
}
left
# Certificates, which may be replaced.
"$crease" certify -q data/abs-1d.json -o "$w/old" >"$dir/out"
cp "$w/old" "$w/old.zst"
cp "$w/old" "$dir/old"
for file in f f.zst old old.zst; do
    rejects 2 "$w/$file: cannot write: " limited "$w/$file"
done
set -- # how to do without the right to write
[ "$(id -u)" -ne 0 ] || set -- setpriv --reuid=65534 --regid=65534 --clear-groups
chmod 711 "$dir"
chmod 555 "$dir/folder"
if "$@" "$crease" --version >/dev/null 2>&1; then
    rejects 2 "$dir/folder/f: cannot create: " "$@" "$crease" certify $moons -o "$dir/folder/f"
fi

# ---- Cells of any thinness, put to both checkers ----

# thin LEVELS: two inputs; every level divides the cells at the origin in units that are 10^3000
# times smaller.
thin() {
    awk -v levels="$1" 'BEGIN {
        print "{\"input\": 2, \"layers\": ["
        for (l = 0; l < levels; l++)
            print "{\"activation\": \"relu\", \"weight\": [[\"1e3000\", \"1e2500\"], [\"1e2500\", \"-1e3000\"]," \
                  " [\"1/3\", 1]], \"bias\": [-1, 2, 0]}," \
                  "{\"activation\": \"linear\", \"weight\": [[1, \"-1e-3000\", 1], [\"1e-2500\", 1, -1]], \"bias\": [0, 1]},"
        print "{\"activation\": \"linear\", \"weight\": [[1, 1]], \"bias\": [0]}]}"
    }'
}
for levels in 1 3; do
    thin $levels >"$dir/thin$levels.json"
done
for case in 3:--box=0:1:tests/regress/thin-cells.json 4:-q:tests/regress/thin-cells.json \
    3:--box=-1:1:tests/regress/almost-parallel-in-box.json \
    :--box=-1:1:"$dir/thin1.json" :-q:"$dir/thin1.json" :--box=-1:1:"$dir/thin3.json" :-q:"$dir/thin3.json"; do
    want=${case%%:*}
    network=${case##*:}
    place=${case#*:}
    place=${place%:*}
    set --
    [ "$place" = -q ] || set -- "$place"
    for way in -q --cell=lp --engine=walk; do
        sampled 6 || continue
        exits 0 "$crease" certify -q "$way" "$@" "$network" -o "$w/thin"
        regions=$(cat "$dir/out")
        want=${want:-$regions}
        same "$want" "$regions" "$network $place $way"
        verified "$want" "$@" "$network" "$w/thin"
        if command -v python3 >/dev/null 2>&1; then
            exits 0 python3 tests/cert/check.py "$@" "$network" "$w/thin"
            says "VERIFIED $want regions" out
        fi
    done
done
rm -f "$w/thin"

# ---- certify stopped early: code 3, it says so, and no file ----

stopped() {
    says "$1" out
    ok; { cmp -s "$w/old" "$dir/old" && cmp -s "$w/old.zst" "$dir/old"; } || fail "stopped $1: overwrites a file"
    left ./old ./old.zst
}
# begin COMMAND...: in the background, until it writes a file beside $w/old, or for a second;
# without CREASE_LONG for a part of it.
tenths=${more:+10}
tenths=${tenths:-2}
begin() {
    "$@" >"$dir/out" 2>"$dir/err" &
    child=$!
    tries=0
    while [ -z "$(find "$w" -name 'old.??????')" ] && [ $((tries += 1)) -le "$tenths" ]; do
        sleep 0.1
    done
}
big_network >"$dir/big.json"
for engine in split walk; do
    set -- "$crease" certify --engine $engine "$dir/big.json" -o
    exits 3 "$@" "$w/f" --limit-regions 100
    stopped "limit on regions"
    says 'certificate none' out
    exits 3 "$@" "$w/old.zst" --limit-memory 1M --json
    stopped "memory limit"
    ok; grep -q '"certificate"' "$dir/out" && fail "--json shows a certificate of a run that stopped"
    exits 3 "$@" "$w/f.zst" --limit-seconds 0.2
    stopped "time limit"
    for signal in TERM ${more:+INT}; do
        begin "$@" "$w/old"
        kill -s "$signal" $child
        wait $child
        code=$?
        child=
        ok; [ $code -eq 3 ] || fail "SIG$signal, $engine: exit code $code"
        stopped "by a signal"
    done
done
# The certificate must not take the place of a standard stream that is closed: messages go there.
closed() {
    exec "$@" >&- 2>&-
}
begin closed "$crease" certify "$dir/big.json" -o "$w/old"
for stream in 1 2; do
    link=$(readlink "/proc/$child/fd/$stream")
    ok; case $link in "$w"/*) fail "file descriptor $stream is $link" ;; esac
done
kill $child
wait $child
child=

# ---- crease-check: usage, wrong files, wrong boxes ----

rm -f "$w"/*
"$crease" certify -q $moons -o "$w/f" >"$dir/out"
"$crease" certify -q $moons -o "$w/f.zst" >"$dir/out"
"$crease" certify -q --box=-1:1 $moons -o "$w/box" >"$dir/out"
size=$(wc -c <"$w/f")
exits 2 "$check" --nonsense $moons "$w/f"
exits 2 "$check" $moons "$w/f" --box
rejects 2 'expected a network and a certificate' "$check"
rejects 2 'expected a network and a certificate' "$check" $moons
rejects 2 'whole certificate' "$check" $moons "$w/f" "$w/f"
rejects 2 'only a certificate' "$check" --dump --box=0:1 "$w/f"
for bad in "$dir/missing" ${more:+"$dir/folder"}; do
    rejects 2 "$bad: " "$check" $moons "$bad"
    rejects 2 "$bad: " "$check" "$bad" "$w/f"
    rejects 2 "$bad: " "$check" --dump "$bad"
done
rejects 1 'empty: byte 0: REJECTED: ' "$check" $moons "$dir/empty"
rejects 1 "$moons: byte 0: REJECTED: " "$check" $moons $moons
rejects 2 "$w/f: byte 0: " "$check" "$w/f" "$w/f"
rejects 1 'is for the network [0-9a-f]*, this is [0-9a-f]*$' "$check" $iris "$w/f"
rejects 1 'is for the domain [0-9a-f]*, this is [0-9a-f]*; give the --box' "$check" --box=-1:1 $moons "$w/f"
rejects 1 'is for the domain' "$check" $moons "$w/box"
rejects 1 'is for the domain' "$check" --box=-1:1.000000000000000000001 $moons "$w/box"
exits 0 "$check" --box -1.0:1,-2/2:0x1p0 $moons "$w/box"
set -- '' 2:1 a:b 0:1,0:1,0:1 0:1/0
[ -z "$more" ] || set -- "$@" : 1 1:1 0:inf nan:1 0:1e999999999 '0:1,' ',0:1' 0:1:2 0:0x ' 0:1'
for box in "$@"; do
    rejects 2 box "$check" "--box=$box" $moons "$w/f"
    rejects 2 box "$crease" certify "--box=$box" $moons -o "$w/no"
done

# ---- crease-check: damaged files, --dump ----

for file in f f.zst; do
    long=$(wc -c <"$w/$file")
    for bytes in 1 112 $((long - 1)) ${more:+3 50 111 121 $((long / 2))}; do
        head -c "$bytes" "$w/$file" >"$dir/cut"
        rejects 1 'cut: byte [0-9]*: REJECTED: ' "$check" $moons "$dir/cut"
        exits 1 "$check" --dump "$dir/cut"
    done
    (cat "$w/$file" && printf '\0') >"$dir/more"
    rejects 1 'more: byte [0-9]*: REJECTED: ' "$check" $moons "$dir/more"
    cat "$w/$file" "$w/$file" >"$dir/more"
    rejects 1 "more: byte $size: REJECTED: " "$check" $moons "$dir/more"
    exits 0 "$check" --dump "$w/$file"
    mv "$dir/out" "$dir/$file.dump"
done
ok; cmp "$dir/f.dump" "$dir/f.zst.dump" || fail "--dump of the .zst file differs"
for line in 'NOTHING IN IT WAS VERIFIED' '^claim 648$' '^[0-9]* *LEAF'; do
    ok; grep -q "$line" "$dir/f.dump" || fail "--dump shows no $line"
done
ok; grep -q 'VERIFIED [0-9]' "$dir/f.dump" && fail "--dump gives a verdict"

# ---- crease-check: streams ----

for file in f f.zst; do
    cat "$w/$file" >"$dir/fifo" &
    verified 648 $moons "$dir/fifo"
done
for options in "$moons" "--json $moons" --dump; do
    for device in - /dev/full; do
        # shellcheck disable=SC2086 # two words
        if [ $device = - ]; then
            "$check" $options "$w/f" 2>"$dir/err" >&-
        elif [ -w $device ]; then
            "$check" $options "$w/f" 2>"$dir/err" >$device
        fi
        code=$?
        ok; [ $code -eq 2 ] || fail "crease-check $options, stdout $device: exit code $code"
    done
done
"$check" $moons "$w/f" >"$dir/out" 2>&- <&-
code=$?
ok; [ "$code $(cat "$dir/out")" = "0 VERIFIED 648 regions" ] || fail "crease-check without stderr: $code"

# ---- Malformed networks: a line and code 2 from both programs ----

# Without CREASE_LONG every eighth.
malformed() { # FORMAT ARGUMENT...: what printf makes of them is the file
    sampled 8 || return 0
    # shellcheck disable=SC2059 # a format from below
    printf "$@" >"$dir/bad"
    rejects 2 "$dir/bad: byte [0-9]*: " "$check" "$dir/bad" "$w/f"
    rejects 2 "$dir/bad: " "$crease" info "$dir/bad"
}
for bytes in 0 1 500 4000 8000; do
    malformed %s "$(head -c $bytes $moons)"
done
for open in '[' '{"layers":'; do
    malformed %s "$(awk -v open="$open" 'BEGIN { for (i = 0; i < 10000; i++) printf open }')"
done
layer='{"activation": "linear", "weight": [%s], "bias": %s}'
for input in 0 -1 1.5 2 4097 1e999 '"1"' null; do
    malformed "{\"input\": %s, \"layers\": [$layer]}" "$input" '[1]' '[0]'
done
for pair in '[NaN] [0]' '[Infinity] [0]' '[1e999] [0]' '["1e5001"] [0]' '["nan"] [0]' '["1/0"] [0]' '[""] [0]' \
    '[null] [0]' '[[1]] [0]' '[01] [0]' '[1.] [0]' '1 [0]' '[1,2] [0]' '[1],[1] [0]' '[1] []' '[1] 0' '[1] [0,]' \
    '[1] [0],"other":1' '[1] [0],"bias":[0]' '[1] [0]}],"comment":[{}' '[1] [0]}],"layers":[{}' '[1] [0]}]}{"a":[{}'; do
    malformed "{\"input\": 1, \"layers\": [$layer]}" "${pair% *}" "${pair#* }"
done
for kind in '' ',"activation":"tanh"' ',"activation":"relu"'; do
    malformed '{"input": 1, "layers": [{"weight": [[1]], "bias": [0]%s}]}' "$kind"
done
for text in null '[]' '{}' '{"input": 1}' '{"input": 1, "layers": []}' '{"input": 1, "layers": [1]}'; do
    malformed %s "$text"
done

# ---- crease-check: no memory ----

# Never another verdict than with memory. The text that is digested is longer than the numbers;
# there is no unit, so the certificate is a point.
awk 'BEGIN {
    for (j = 0; j < 40; j++) row = row ",\"1e" 4900 + j "\""
    for (u = 0; u < 40; u++) { weight = weight (u ? "," : "") "[1" row "]"; bias = bias (u ? ",0" : "0") }
    print "{\"input\": 41, \"layers\": [{\"activation\": \"linear\", \"weight\": [" weight "], \"bias\": [" bias "]}]}"
}' >"$dir/long.json"
"$crease" certify -q "$dir/long.json" -o "$w/long" >"$dir/out"
limit() {
    # shellcheck disable=SC3045 # where ulimit has no -v, as where the sanitizers need more, no test
    (ulimit -v "$1" 2>/dev/null && shift && exec "$@")
}
kilobytes=6000
step=${more:+2000}
while [ $((kilobytes += ${step:-16000})) -lt 26000 ]; do
    limit $kilobytes "$check" --version >"$dir/out" 2>&1 || continue
    limit $kilobytes "$check" "$dir/long.json" "$w/long" >"$dir/out" 2>"$dir/err"
    code=$?
    case "$code $(cat "$dir/out" "$dir/err")" in
    "0 VERIFIED 1 regions" | "2 crease-check: out of memory") ok ;;
    *) fail "crease-check with $kilobytes kB: exit code $code, $(cat "$dir/out" "$dir/err")" ;;
    esac
done

# ---- The limits of trust ----

# "VERIFIED R regions" is true if these are right: the hardware, the compiler, libc, GMP and zstd;
# the checker, its reading of the network included; and that the file given is the network meant.
# SHA-256 tells of networks mixed up and proves nothing. crease, GLPK, jansson, nettle, OpenMP and
# floating point need not be right: all they have done is to write a file.
libraries=$(ldd "$check" 2>/dev/null | sed 's/^[[:space:]]*\([^ ]*\).*/\1/; s|.*/||')
allowed='^$|^(linux-|ld|libc\.|libgmp\.|libzstd\.)'
case $libraries in *libasan*) allowed="$allowed|^lib(asan|ubsan|gcc_s|stdc..|m|dl|rt|pthread)\." ;; esac
others=$(printf '%s\n' "$libraries" | grep -Ev "$allowed")
ok; [ -z "$others" ] || fail "crease-check is linked with $others"

# A wrong count, written as crease would have done.
(head -c 111 "$w/f" && printf '\211' && tail -c +113 "$w/f") >"$w/claim"
rejects 1 'has 648 regions, the claim is 649' "$check" $moons "$w/claim"
exits 1 "$check" --json $moons "$w/claim"
ok; [ "$(field verified)" = false ] || fail "--json does not say that a certificate is rejected"
# The same widths, another network: x_1 = x_2 moved off the others gives 18 + 12 regions, those of
# the other five hyperplanes and those of the plane that it is. Its certificate; the digest forged;
# and the claim forged too, which makes a certificate that is right.
sed 's/"bias": \[0, 0, 0, 0, 0, 0\]/"bias": [1, 0, 0, 0, 0, 0]/' $braid >"$dir/moved.json"
"$crease" certify -q $braid -o "$w/braid" >"$dir/out"
"$crease" certify -q "$dir/moved.json" -o "$w/moved" >"$dir/out"
rejects 1 'is for the network' "$check" "$dir/moved.json" "$w/braid"
(head -c 48 "$w/moved" && tail -c +49 "$w/braid") >"$w/forged"
rejects 1 'has 30 regions, the claim is 24' "$check" "$dir/moved.json" "$w/forged"
(head -c 112 "$w/moved" && tail -c +113 "$w/braid") >"$w/forged"
verified 30 "$dir/moved.json" "$w/forged"
# The tree of 25455 regions, for a network with another count that differs in one sign.
sed 's/0\.5016462206840515/-&/' $iris >"$dir/sign.json"
"$crease" certify -q $iris -o "$w/iris" >"$dir/out"
"$crease" certify -q "$dir/sign.json" -o "$w/sign" >"$dir/out"
ok; [ "$(cat "$dir/out")" != 25455 ] || fail "the changed sign makes no difference"
(head -c 48 "$w/sign" && tail -c +49 "$w/iris") >"$w/forged"
rejects 1 'forged: byte [0-9]*: REJECTED: ' "$check" "$dir/sign.json" "$w/forged"

if command -v python3 >/dev/null 2>&1; then
    # Certificates that crease has no part in; one JSON object for each verdict; damaged networks.
    for style in mix ${more:+split}; do
        exits 0 python3 tests/cert/prove.py --style "$style" --box=0:1 data/zigzag-1d-n4-l3.json -o "$w/proved"
        verified 125 --box=0:1 data/zigzag-1d-n4-l3.json "$w/proved"
        exits 0 python3 tests/cert/prove.py --style "$style" "$dir/moved.json" -o "$w/proved"
        verified 30 "$dir/moved.json" "$w/proved"
    done
    for file in f claim; do
        "$check" --json $moons "$w/$file" 2>"$dir/err" | python3 -c '
import json, sys
r = json.load(sys.stdin)
good = r["verified"] is True and r["regions"] == 648, r["verified"] is False and r["offset"] > 112 and r["reason"]
sys.exit(0 if good[sys.argv[1] == "claim"] else 1)' $file
        code=$?
        ok; [ $code -eq 0 ] || fail "--json $file"
    done
    set -- data/max-min-2d.json
    [ -z "$more" ] || set -- data/*.json
    ok; python3 tests/cert/fuzz_net.py "$@" || fail "damaged networks"
fi

finish
