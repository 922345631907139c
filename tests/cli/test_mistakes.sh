#!/bin/sh
# Help in all its forms, units, and messages about common mistakes: one line that says what to do.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
net=data/fold-2d-4-4-4.json
total=220
check=${CREASE_CHECK:-$(dirname "$crease")/crease-check}

# ---- help and version ----
for command in count make status; do
    run 0 $command --help
    says "^Usage: crease $command " out
    cp "$dir/out" "$dir/help"
    # The other ways to ask, without CREASE_LONG of every third.
    sampled 3 || continue
    for arguments in "$command -h" "$command -?" "help $command" "-h $command"; do
        # shellcheck disable=SC2086 # two words
        run 0 $arguments
        ok; cmp -s "$dir/out" "$dir/help" || fail "crease $arguments differs from crease $command --help"
    done
    run 0 $command --version
    cp "$dir/out" "$dir/help"
    for arguments in "$command -V" --version -V version; do
        # shellcheck disable=SC2086 # two words
        run 0 $arguments
        ok; cmp -s "$dir/out" "$dir/help" || fail "crease $arguments: $(cat "$dir/out")"
    done
done
for arguments in --help -h help; do
    run 0 $arguments
    says '^Usage: crease COMMAND' out
done

# ---- commands that do not exist ----
# means WORDS ARGUMENTS...: one line on stderr says them.
means() {
    words=$1
    shift
    refuses_in_a_line "$@"
    says "$words" err
}
means 'there is no command "cuont"; did you mean count?$' cuont "$net"
means 'there is no command "cert"; did you mean certify?$' cert
means 'there is no command "shards"; did you mean shard?$' help shards
means 'did you mean "crease count data/fold-2d-4-4-4.json"?$' "$net"
means '"crease --help" lists the commands$' frobnicate

# ---- choices ----
means '"wlk" is none of auto, walk and split$' count --engine wlk "$net"
means '"lp2" is none of auto, lp and rays$' count --cell lp2 "$net"
means 'is none of activation, open-connected and affine$' count --definition convex "$net"
means 'is none of auto, always, never and json$' count --progress=maybe "$net"

# ---- options that need others, of the same command ----
means '^crease certify: --start has an effect only with --engine=walk$' certify --start 0,0 -o "$dir/none" "$net"
means 'only with --engine=walk or --definition=open-connected or --definition=affine$' count --start 0,0 "$net"
means '"10" is not a whole number from 20 to 9007199254740992$' estimate --leaves 10 "$net"

# ---- times and sizes ----
for time in 1000 1000s 1000S 100000ms 10m 10min 1h 2d 0.5h; do
    run 0 count --quiet --limit-seconds "$time" "$net"
    run 0 count --progress always --progress-every "$time" "$net"
done
for time in 1y 10mm '5 m' m -1m 1e400 nan ''; do
    means 'is not a time from .* such as 90, 90s, 5m or 2h$' count --limit-seconds "$time" "$net"
done
means '"0.5ms" is not a time' count --limit-seconds 0.5ms "$net"
# The unit is the one that it says: a limit of 1 MB is met at once, one of 10 GB never.
for size in 1000000 1MB 1M 1MiB 1000K 1000kb 0.001G 1e6; do
    run 3 count --json --limit-memory "$size" data/diabetes-10-12-8-1.json
    json 'r["stopped"] == "at the memory limit"' "$size"
done
for size in 10000000000 10GB 10G 10GiB 1TB 1t 10000M; do
    run 0 count --quiet --limit-memory "$size" "$net"
done
for size in 10XB 10MBB 1.5 M -1K 1e400 ''; do
    means 'is not a size in bytes, such as 500000, 64K, 10MB or 2G$' count --limit-memory "$size" "$net"
done

# ---- files ----
: >"$dir/empty"
run 0 certify -o "$dir/cert" --box 0:1 "$net"
means 'empty: the file is empty$' count "$dir/empty"
means 'empty: the file is empty$' count --domain "$dir/empty" "$net"
means 'empty: empty' count --resume "$dir/empty" "$net"
exits 2 "$check" "$dir/empty" "$dir/cert"
says 'empty: byte 0: the file is empty$' err
exits 1 "$check" "$net" "$dir/empty"
cat "$dir/out" >>"$dir/err"
says 'the file is empty' err
exits 0 "$check" --box 0:1 "$net" "$dir/cert"
exits 1 "$check" "$net" "$dir/cert"
cat "$dir/out" >>"$dir/err"
says 'give the --box or --domain it was made with' err
awk 'BEGIN {
    printf "{\"input\":1,\"layers\":[{\"weight\":["
    for (i = 0; i < 4097; i++) printf "%s[1]", i ? "," : ""
    printf "],\"bias\":["
    for (i = 0; i < 4097; i++) printf "%s0", i ? "," : ""
    print "],\"activation\":\"linear\"}]}"
}' >"$dir/large.json"
exits 2 "$check" "$dir/large.json" "$dir/cert"
says 'at most 4096 inputs, hidden units in all and rows of a layer; crease count proves' err
for file in tests/onnx/data/gates.onnx README.md; do
    exits 2 "$check" "$file" "$dir/cert"
    says "$file: byte 0: not JSON; \"crease convert NETWORK EXACT.json\"" err
done

echo '1;2' >"$dir/points.csv"
means 'there are no points; the first line has names, as it has no numbers with commas between them$' \
    count --around "$dir/points.csv" --radius 1 "$net"
echo >"$dir/points.csv"
means 'there are no points$' count --around "$dir/points.csv" --radius 1 "$net"

# ---- one input ----
means '^crease: box: 2 entries given, the network has 1 input$' count --box=0:1,0:1 data/abs-1d.json
echo 1,2 >"$dir/points.csv"
means 'line 1: 2 numbers, the network has 1 input$' stats --data "$dir/points.csv" data/abs-1d.json

# ---- names and numbers, from 0, of what is wrong ----
means '^crease: box, input 1: "2:1" is empty or flat' count --box=0:1,2:1 "$net"
means '^crease: point: 1 entry given, the network has 2 inputs$' regions --at=1 "$net"
means '^crease: point, input 1: "x" is not a number$' regions --at=1,x "$net"
means '^crease: point: outside the domain$' regions --at=5,5 --box=0:1 "$net"
means '^crease: start, input 0: "x" is not a number$' count --engine=walk --start=x,1 "$net"

# ---- jobs ----
run 0 shard --jobs=2 -o "$dir/no-jobs" data/abs-1d.json
means 'no jobs: all regions were counted before; crease merge adds up$' count --job "$dir/no-jobs"
jobs=$dir/jobs
run 0 shard -n 12 -o "$jobs" data/iris-4-16-16-3.json
means '12 jobs, 0 to 11, of which 0 are done, not yet: 0, 1, 2, 3, 4, 5, 6, 7 and 4 more; choose one with --index$' \
    count --job "$jobs"
run 0 count --job "$jobs" --index 1
means '12 jobs, 0 to 11, of which 1 are done, not yet: 0, 2, 3, .*; choose one with --index$' certify --job "$jobs"
mkdir "$dir/nothing"
for arguments in "count --job" status merge; do
    # shellcheck disable=SC2086 # two words
    means 'nothing: no directory of jobs; crease shard makes one$' $arguments "$dir/nothing"
done
means 'no-network.json: no directory of jobs' status "$dir/no-network.json"

# ---- networks to make ----
means 'which family? One of fold, serra, .*, random$' make --inputs 2 -o "$dir/made.json"
means '"folds" is not one of fold, serra, .*, random$' make folds --inputs 2 -o "$dir/made.json"

# ---- more threads than there may be ----
for arguments in "--engine walk" ${more:+"--cell rays"}; do
    # shellcheck disable=SC2086 # two words
    exits 0 env OMP_NUM_THREADS=100000 "$crease" count --json $arguments "$net"
    json "r['regions'] == $total and r['threads'] <= 1024" "$arguments, 100000 threads"
done
exits 0 env OMP_NUM_THREADS=100000 "$crease" shard -n 2 -o "$dir/two" data/max-min-2d.json

# ---- the line of layers ----
layers() {
    run 0 make random --inputs "$1" --widths "$2" -o "$dir/layers.json"
    run 0 info "$dir/layers.json"
    says "$3" out
}
layers 1 "$(python3 -c 'print(",".join(["1"] * 400))')" '^ *1 input; layers 400 x 1 relu, 1 linear; '
layers 2 3,3,4,3,3,3 '^ *2 inputs; layers 2 x 3 relu, 4 relu, 3 x 3 relu, 1 linear; '
layers 2 3,4 '^ *2 inputs; layers 3 relu, 4 relu, 1 linear; '

finish
