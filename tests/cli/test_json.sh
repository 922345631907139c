#!/bin/sh
# --json: every command prints one object, and says of the network the same in all of them.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
net=data/max-min-2d.json
printf '0.5,1\n-1,2\n' >"$dir/points.csv"

# about ARGUMENTS...: the object "network" is that of info.
about() {
    run 0 "$@" --json
    json "r['network'] == $network" "$*"
}
run 0 info --json "$net"
network=$(python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
print({name: r[name] for name in ("file", "digest", "widths", "units", "parameters")})' "$dir/out")
for arguments in count bound "certify -o $dir/cert" "estimate --leaves=100" "sample -n 5" "sample --mean=facets -n 5" stats \
    boundary identify "count --around=$dir/points.csv --radius=1" "count --along=$dir/points.csv" \
    "count --lines=3 --box=-1:1" "regions -o $dir/regions.npz"; do
    # shellcheck disable=SC2086 # words
    about $arguments "$net"
done
# And of several ones, in a list.
for arguments in compare stats boundary "count --around=$dir/points.csv --radius=1" "count --along=$dir/points.csv" \
    "plot -o $dir/picture.svg"; do
    # shellcheck disable=SC2086 # words
    run 0 $arguments --json "$net" data/fold-2d-4-4-4.json
    json "{**r['networks'][0]['network'], **$network} == r['networks'][0]['network']" "$arguments"
    json "r['networks'][1]['network']['file'].endswith('fold-2d-4-4-4.json')" "$arguments"
done
# Of jobs, which have no more than the name and the digest.
run 0 shard --json -n 2 -o "$dir/jobs" "$net"
json 'r["jobs"] <= 2'
for command in merge status; do
    [ $command = status ] || for file in "$dir"/jobs/*.job; do
        [ ! -e "$file" ] || run 0 count --job "$file"
    done
    run 0 $command --json "$dir/jobs"
    json "{**$network, **r['network']} == $network and len(r['network']['digest']) == 64" "$command"
done
run 0 bound --json 2,3,2
json 'r["widths"] == [2, 3, 2] and "network" not in r'
run 0 convert --json "$net" "$dir/exact.json"
json 'isinstance(r, dict)'
run 0 make fold --json --inputs 2 --widths 4,4 -o "$dir/made.json"
json 'isinstance(r, dict)'
run 0 regions --json --at=1,3 "$net"
json 'r["pattern"] == [[1, 1, 0], [0, 1]]'

finish
