#!/bin/sh
# crease sample: lines and arrays with weights, means and their JSON, stops, and options that make no
# sense.  What the numbers are worth is tested in tests/search/test_sample.c.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
net=data/iris-4-16-16-3.json
small=data/max-min-2d.json
big=$dir/big.json
big_network >"$big"

# ---- All regions of a small network: the lines of regions, with the weight 1 and other points ----
run 0 regions --with=facets,map "$small"
without_point() { sed 's/"point":[^]]*\],//' "$dir/out" | sort; }
without_point >"$dir/all"
total=$(wc -l <"$dir/all")
run 0 sample --with=facets,map "$small"
without_point | sed 's/,"weight":1,"draws":1,"group":0}$/}/' >"$dir/drawn"
ok; cmp -s "$dir/all" "$dir/drawn" || fail "a sample of all regions is another list"
run 0 sample --json --mean=facets,bounded,volume "$small"
json "r['all'] and r['complete'] and r['drawn'] == r['total'] == $total and r['standard_error'] == 0"
json "r['means']['bounded'] == {'mean': 0, 'standard_error': 0} and r['means']['volume']['mean'] is None"

# ---- Weights ----
run 0 sample -n 100 --seed=2 -o "$dir/some.jsonl" --mean=active,class "$net"
says 'regions by region$' out
says '^active     mean .*, standard error ' out
run 0 sample --json -n 100 --seed=2 --force -o "$dir/some.jsonl" --mean=active,class "$net"
json "20 <= r['drawn'] <= 400 and not r['all'] and r['by'] == 'region' and r['seed'] == 2"
json "abs(r['total'] - 25455) < 6 * r['standard_error']"
json "abs(sum(r['means']['class %d' % k]['mean'] for k in range(3)) - 1) < 1e-9"
json "(lambda rows: len(rows) == r['drawn'] and abs(sum(x['weight'] for x in rows) - r['total']) < 1e-6 * r['total'])([json.loads(x) for x in open('$dir/some.jsonl')])"
run 0 sample -n 100 --seed=2 -o "$dir/some.npz" --with=volume,facets --box=-1:1 "$net"
run 0 sample -n 100 --seed=2 -o "$dir/all.npz" --with=facets,neighbours,map,class,volume,vertices,center,inradius --box=-1:1 "$small"
run 0 sample --quiet -n 300 --by=volume --box=-1:1 -o - "$small"
ok; [ "$(grep -c '"draws"' "$dir/out")" -le 7 ] || fail "more regions than there are"
for threads in 1 3; do
    run 0 sample -n 50 --resample --threads=$threads "$net"
    mv "$dir/out" "$dir/by$threads"
done
ok; cmp -s "$dir/by1" "$dir/by3" || fail "the sample depends on the threads"

# ---- Points ----
printf '0.5,0.25\n1,3\n0.5,1/4\n' >"$dir/points"
run 0 sample --points="$dir/points" "$small"
ok; [ "$(wc -l <"$dir/out")" -eq 2 ] || fail "not two regions"
says '"weight":0.66666666666666663,"draws":2}' out
run 0 sample --points="$dir/points" --radius=0.01 -n 7 "$small"
run 2 sample --points="$dir/none" "$small"
printf '0,0\n1,2\n' >"$dir/points"
run 2 sample --box=-1:1 --points="$dir/points" "$small"
says 'point 1 is outside' err
: >"$dir/points"
run 2 sample --points="$dir/points" "$small"

# ---- Stops ----
run 3 sample -n 1000000000 --limit-seconds=0.5 -o "$dir/never" "$big"
says 'stopped at the time limit' out
ok; [ ! -e "$dir/never" ] || fail "a sample that was stopped has a file"
run 3 sample -n 1000000000 --limit-seconds=0.5 "$big"
says 'stopped at the time limit' err
echo text >"$dir/text"
refuses_in_a_line sample -o "$dir/text" "$net"

# ---- Progress, here and of the other commands that divide a network ----
run 0 sample -n 300 --with=facets --progress=always --progress-every=0.001 -o "$dir/drawn.jsonl" "$net"
says '^drawing regions, [0-9.]* MiB, 0 s$' err
says '^[1-9][0-9]* of [0-9]* regions, [0-9.]* MiB, [0-9]* s$' err
run 0 sample --json -n 300 --with=facets --progress=json --progress-every=0.001 -o "$dir/drawn.jsonl" "$net"
json 'r["drawn"] > 100'
sed -n '$p' "$dir/err" >"$dir/out"
json '0 <= (r["closed"] or 0) <= 1 and r["regions"] >= 0 and r["open"] >= 0'
run 0 identify --progress=always --progress-every=0.001 --merge=off --box=0:1 data/iris-4-16-16-3.json
says '^[1-9][0-9]* regions, [0-9]*/s, [0-9.]*% of the tree, ' err
run 0 shard -n 4 --progress=always --progress-every=0.001 -o "$dir/jobs" data/fold-2d-4-4-4.json
says '^[1-9][0-9]* cells, [0-9.]* MiB, [0-9]* s$' err
run 0 shard -n 4 --force --progress=json --progress-every=0.001 -o "$dir/jobs" data/fold-2d-4-4-4.json
sed -n '$p' "$dir/err" >"$dir/out"
json 'r["open"] > 0 and r["closed"] is None'
# What was not looked at has no mean.
run 0 make random --inputs=10 --widths=24 -o "$dir/slow.json"
run 3 sample --by=volume --mean=volume --box=-1:1 -n 20 --limit-seconds=0.3 "$dir/slow.json"
says '^sample     0 regions ' out
says '^volume     not known$' out

# ---- Options ----
for bad in --number=0 --by=x --mean=x --mean= --with=x --radius=1 --by=data --engine=split --seconds=1 \
    --limit-regions=5; do
    refuses sample "$bad" "$net"
done
refuses_in_a_line sample --by=volume "$net"
refuses_in_a_line sample --by=volume --resample --box=-1:1 "$net"
refuses_in_a_line sample --by=volume --points="$dir/text" --box=-1:1 "$net"
refuses_in_a_line sample --radius=x --points="$dir/text" "$net"
refuses_in_a_line sample --exact -o "$dir/x.npz" "$net"

finish
