#!/bin/sh
# Numbers of regions near 2^64 and 2^512: every place that adds, keeps, reads or prints one.  No
# test could count so many; forged checkpoints, trunks and results begin with these numbers.
# shellcheck disable=SC2015
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
net=data/iris-4-16-16-3.json
total=25455
file=$dir/state
jobs=$dir/jobs

# forge FILE N: adds N to its line "regions", and seals it again.
forge() {
    ok; python3 - "$1" "$2" <<'PY' || fail "cannot forge $1"
import hashlib, re, sys
body = open(sys.argv[1], "rb").read()
body = body[:body.rindex(b"sha256 ")]
body, n = re.subn(rb"(?m)^regions (\d+)$", lambda m: b"regions %d" % (int(m[1]) + int(sys.argv[2])), body)
open(sys.argv[1], "wb").write(body + b"sha256 " + hashlib.sha256(body).hexdigest().encode() + b"\n")
sys.exit(n != 1)
PY
}

# less A B: A - B, of any size.
less() {
    python3 -c "print($1 - $2)"
}

# counted WHAT WANT: on stdout.
counted() {
    printed "$2" "$1"
}

# goes_on ARGUMENTS...: the checkpoint ends at the number $want, as text and as JSON.
goes_on() {
    cp "$dir/begun" "$file"
    run 0 count --quiet "$@" --resume "$file" "$net"
    counted "$want" "$want"
    says "^regions $want\$" state
    run 0 count --json --resume "$file" "$net"
    json "int(r['regions']) == int(r['counts']['activation']) == $want and r['complete'] is True" "$want $*"
    says "\"regions\": \"$want\"," out
    run 0 count --resume "$file" "$net"
    says "^regions    $want, complete, proved\$" out
}

word=18446744073709551615
most=$(python3 -c 'print(2**512 - 1)')
for want in ${more:+$word 18446744073709551616} "$most"; do
    rm -f "$file"
    run 3 count -t 1 --checkpoint "$file" --limit-regions 100 "$net"
    forge "$file" "$(less "$want" $total)"
    cp "$file" "$dir/begun"
    goes_on -t 1
    goes_on -t 3
    # What is not complete, and progress.
    cp "$dir/begun" "$file"
    run 3 count --json --limit-regions 1 --progress=json --progress-every 0.001 --resume "$file" "$net"
    json "0 < $want - int(r['regions']) < $total and r['regions'] == r['counts']['activation']" "$want, stopped"
    ok; python3 - "$dir/err" "$want" <<'PY' || fail "progress near $want: $(head -n 1 "$dir/err")"
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
sys.exit(not lines or any(not 0 <= int(sys.argv[2]) - int(r["regions"]) <= 25455 for r in lines))
PY
done

# ---- one too many: an error, and the checkpoint stays as it is ----
forge "$dir/begun" 1
for arguments in ${more:+"-t 1"} "-t 3" ${more:+"-t 1 --checkpoint-every 0.001"} "-t 1 --cell lp"; do
    cp "$dir/begun" "$file"
    case $arguments in *lp)
        rm "$file"
        run 3 count -t 1 --cell lp --checkpoint "$file" --limit-regions 100 "$net"
        forge "$file" "$(less "$most" $((total - 1)))" ;;
    esac
    # shellcheck disable=SC2086 # several words
    refuses_in_a_line count $arguments --resume "$file" "$net"
    says "2^512 regions or more" err
    # shellcheck disable=SC2086
    refuses_in_a_line count $arguments --resume "$file" "$net"
    says "2^512 regions or more" err
done
# Beyond 512 bits in the file.
cp "$dir/begun" "$file"
forge "$file" "$most"
refuses_in_a_line count --resume "$file" "$net"

# ---- jobs ----
run 0 shard --json -n 3 -o "$jobs" "$net"
outside=$(field regions)
for i in 0 1 2; do
    run 3 count -t 1 --quiet --job "$jobs" --index $i --limit-regions 10
    forge "$jobs/000$i.state" $((i + 1))000000000000000000
    [ $i = 2 ] && forge "$jobs/0002.state" 8000000000000000000
    [ $i = 2 ] && forge "$jobs/0002.state" 7446744073709540000
    run 0 count -t 1 --job "$jobs" --index $i
    json "int(r['regions']) >= ${i}000000000000000000 and r['complete']"
done
json "2**63 < int(r['regions']) < 2**64"
run 0 merge --quiet "$jobs"
merged=$(less "1000000000000000000 + 2000000000000000000 + 18446744073709540000 + $total" 0)
counted "merge" "$merged"
run 0 merge --json "$jobs"
json "int(r['regions']) == $merged > 2**64 and type(r['regions']) is str and r['jobs'] == 3"
forge "$jobs/trunk" "$(less "$most" "$outside")"
run 0 merge --quiet "$jobs"
counted "merge, trunk" "$(less "$merged + $most" "$outside")"
# Results larger than one count are added up as well; what is no number of regions is refused.
cp "$jobs/0000.result" "$dir/kept"
sed 's/"regions":[0-9]*/"regions":100000000000000000000000000000/' "$dir/kept" >"$jobs/0000.result"
run 0 merge --quiet "$jobs"
ok; python3 -c "import sys; sys.exit(not 10**29 < $(cat "$dir/out") - $most < 10**29 + 2**66)" || fail "merge: $(cat "$dir/out")"
for number in 1e3 0.5 -1 1.0 '"7"' true null; do
    sed 's/"regions":[0-9]*/"regions":'"$number"'/' "$dir/kept" >"$jobs/0000.result"
    refuses_in_a_line merge "$jobs"
    says 'missing 0; foreign or damaged 0000.result' err
done

# ---- ranks ----
mpi=$(dirname "$crease")/crease-mpi
if [ -x "$mpi" ] && command -v mpirun >/dev/null; then
    local_mpi
    for want in ${more:+18446744073709551616} "$most"; do
        rm -f "$file"
        run 3 count -t 1 --checkpoint "$file" --limit-regions 100 "$net"
        forge "$file" "$(less "$want" $total)"
        exits 0 mpirun -np 2 "$mpi" count -t 1 --json --resume "$file" "$net"
        json "int(r['regions']) == int(r['counts']['activation']) == $want and r['complete']" "ranks, $want"
    done
    rm "$file"
    run 3 count -t 1 --checkpoint "$file" --limit-regions 100 "$net"
    forge "$file" "$(less "$most" $((total - 1)))"
    exits 2 mpirun -np 2 "$mpi" count -t 1 --resume "$file" "$net"
    says "2^512 regions or more" err
fi
finish
