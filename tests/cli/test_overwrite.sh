#!/bin/sh
# Commands replace files of their own kind, and others only with --force. Standard input and output
# as files. Existing directories of jobs.
#
# shellcheck disable=SC2015
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
net=data/fold-2d-4-4-4.json
total=220
check=${CREASE_CHECK:-$(dirname "$crease")/crease-check}

# kept FILE WORDS ARGUMENTS...: refused in one line that names the file, which stays as it is.
kept() {
    there=$1
    words=$2
    shift 2
    cp "$there" "$dir/before"
    refuses_in_a_line "$@"
    says "^crease: $there: .*$words" err
    ok; cmp -s "$there" "$dir/before" || fail "crease $*: replaced $there"
}

# ---- files ----
echo 'My notes.' >"$dir/notes"
echo '{"name": "package", "layers": 3}' >"$dir/package.json"
echo '{"box": [[0, 1], [0, 1]]}' >"$dir/domain.json"
run 0 certify -o "$dir/cert" "$net"
run 0 certify -o "$dir/cert.zst" "$net"
run 0 make fold --inputs 2 --widths 4 -o "$dir/made.json"
cp "$dir/cert" "$dir/cert.json"
head -c 60 "$dir/cert" >"$dir/cut"

for file in notes package.json domain.json made.json cut; do
    kept "$dir/$file" 'is no certificate; --force' certify -o "$dir/$file" "$net"
done
for file in notes package.json domain.json cert cert.zst; do
    kept "$dir/$file" 'is no network in JSON; --force' make fold --inputs 2 --widths 4 -o "$dir/$file"
done
for file in package.json domain.json cert.json; do
    kept "$dir/$file" 'is no network in JSON; --force' convert "$net" "$dir/$file"
done
for file in notes package.json cert made.json; do
    kept "$dir/$file" 'is no domain of this network; --force' \
        convert --domain "$dir/domain.json" --domain-output "$dir/$file" "$net" "$dir/new.json"
done
printf '%s' '{"file":"as a line of several networks","states":[[0,1],[1,0],[1,1]],"left":[]}' >"$dir/other.jsonl"
for file in notes other.jsonl cert made.json; do
    kept "$dir/$file" 'is no list of regions; --force' regions -o "$dir/$file" "$net"
done
ok; [ ! -e "$dir/new.json" ] || fail "a network although its domain could not be written"
# Of the same kind, and empty files.
: >"$dir/empty"
for file in cert cert.zst empty; do
    run 0 certify -o "$dir/$file" data/abs-1d.json
    exits 0 "$check" data/abs-1d.json "$dir/$file"
done
run 0 convert "$net" "$dir/made.json"
same "$(digest "$net")" "$(digest "$dir/made.json")" "convert over a network"
run 0 make fold --inputs 2 --widths 4 -o "$dir/made.json"
echo '{"box": [[0, 1], [0, 2]]}' >"$dir/other.json"
run 0 convert --domain "$dir/domain.json" --domain-output "$dir/other.json" "$net" "$dir/new.json"
# By force; never what is read.
run 0 certify --force -o "$dir/notes" data/abs-1d.json
exits 0 "$check" data/abs-1d.json "$dir/notes"
run 0 make --force fold --inputs 2 --widths 4 -o "$dir/cut"
run 0 convert --force "$net" "$dir/package.json"
same "$(digest "$net")" "$(digest "$dir/package.json")" "convert --force"
cp "$net" "$dir/net.json"
kept "$dir/net.json" 'would replace the network' certify --force -o "$dir/net.json" "$dir/net.json"
kept "$dir/net.json" 'would replace the network' convert --force "$dir/net.json" "$dir/net.json"
ok; [ "$(find "$dir" -name '*.unfinished-*' | wc -l)" -eq 0 ] || fail "temporary files are left"

# The permissions are those of a file that the shell makes.
for mask in 022 077 000; do
    (umask $mask; "$crease" make fold --inputs 2 --widths 4 -o "$dir/mask-$mask"; : >"$dir/shell-$mask") >/dev/null
    same "$(stat -c %a "$dir/shell-$mask")" "$(stat -c %a "$dir/mask-$mask")" "umask $mask"
done

# ---- standard input and output ----
"$crease" count --quiet - <"$net" >"$dir/out" 2>"$dir/err"
same "$(cat "$dir/out")" $total "a network from standard input"
# shellcheck disable=SC2002 # a pipe on purpose
cat "$net" | "$crease" info - >"$dir/out" 2>"$dir/err"
says '^digest' out
"$crease" count --quiet --domain - "$net" <"$dir/domain.json" >"$dir/out" 2>"$dir/err"
same "$(cat "$dir/out")" "$("$crease" count --quiet --box 0:1 "$net")" "a domain from standard input"
"$crease" convert "$net" - >"$dir/exact.json" 2>"$dir/err"
same "$(digest "$net")" "$(digest "$dir/exact.json")" "convert to standard output"
says '^written    standard output$' err
run 0 make fold --inputs 2 --widths 4 -o "$dir/fold.json"
same "$("$crease" make fold --inputs 2 --widths 4 -o - 2>"$dir/err" | "$crease" count --quiet -)" \
    "$("$crease" count --quiet "$dir/fold.json")" "from make to count"
run 0 certify --quiet -o "$dir/certificate.zst" "$net"
"$crease" certify --json -o - "$net" >"$dir/certificate" 2>"$dir/out"
json "r['regions'] == $total and r['certificate']['file'] == 'standard output'"
exits 0 "$check" "$net" "$dir/certificate"
"$check" - "$dir/certificate" <"$net" >"$dir/out" 2>"$dir/err"
says "^VERIFIED $total regions" out
"$check" "$net" - <"$dir/certificate.zst" >"$dir/out" 2>"$dir/err"
says "^VERIFIED $total regions" out
refuses_in_a_line count --domain - -
says 'standard input can be read once' err
for arguments in "count --checkpoint - $net" "count --job -" "merge -" "shard -o - $net"; do
    # shellcheck disable=SC2086 # several words
    refuses_in_a_line $arguments
done
if [ -w /dev/full ]; then
    "$crease" convert "$net" - >/dev/full 2>"$dir/err"
    code=$?
    ok; [ $code -eq 2 ] || fail "convert to a full device: exit code $code"
fi

# ---- directories of jobs ----
jobs=$dir/jobs
run 0 shard --json -n 4 -o "$jobs" data/iris-4-16-16-3.json
json "r['jobs'] == 4 and not r['found']"
run 0 count --job "$jobs" --index 2
( cd "$jobs" && sha256sum ./* ) >"$dir/sums"
run 0 shard --json -n 4 -o "$jobs" data/iris-4-16-16-3.json
json "r['jobs'] == 4 and r['found'] and r['estimate'] is None"
run 0 shard -n 4 -o "$jobs" data/iris-4-16-16-3.json
says 'taken up again' out
refuses_in_a_line shard -n 5 -o "$jobs" data/iris-4-16-16-3.json
says 'in 4 jobs already, not in 5' err
refuses_in_a_line shard -n 4 --box 0:1 -o "$jobs" data/iris-4-16-16-3.json
says 'another count' err
refuses_in_a_line shard -n 4 -o "$jobs" "$net"
( cd "$jobs" && sha256sum -c --quiet ) <"$dir/sums" || fail "shard changed a directory of jobs"
cp "$net" "$jobs/user.json"
run 0 shard --force -n 2 --box 0:1 -o "$jobs" data/iris-4-16-16-3.json
ok; [ "$(cd "$jobs" && echo *)" = "0000.job 0001.job domain.json network.json trunk user.json" ] ||
    fail "shard --force: $(cd "$jobs" && echo *)"
for i in 0 1; do
    run 0 count --job "$jobs" --index $i
done
run 0 merge --quiet "$jobs"
same "$(cat "$dir/out")" "$("$crease" count --quiet --box 0:1 data/iris-4-16-16-3.json)" "after --force"

# A division that was not finished has no trunk; files of other kinds are not replaced.
rm "$jobs/trunk"
run 0 shard -n 1 --box 0:1 -o "$jobs" data/iris-4-16-16-3.json
ok; [ "$(find "$jobs" -name '*.job' | wc -l)" -eq 1 ] || fail "jobs without a trunk are left"
mkdir "$dir/mine"
cp "$net" "$dir/mine/network.json"
kept "$dir/mine/network.json" 'not this network' shard -n 2 -o "$dir/mine" data/iris-4-16-16-3.json
kept "$dir/mine/network.json" 'would replace the network' shard --force -n 2 -o "$dir/mine" "$dir/mine/network.json"
run 0 shard -n 2 -o "$dir/mine" "$net"
rm -r "$dir/mine"
mkdir "$dir/mine"
echo 'About a job.' >"$dir/mine/0001.job"
kept "$dir/mine/0001.job" 'not a crease-job' shard -n 2 -o "$dir/mine" "$net"
rm "$dir/mine/0001.job"
echo '{"box": [[0, 2], [0, 1]]}' >"$dir/mine/domain.json"
kept "$dir/mine/domain.json" 'not this domain' shard -n 2 --box 0:1 -o "$dir/mine" "$net"

# ---- submit.sh that fails, and is called again ----
mkdir "$dir/bin"
cat >"$dir/bin/sbatch" <<'SH'
#!/bin/sh
[ ! -f "$FAILS" ] || { echo 'sbatch: error: no such partition' >&2; exit 1; }
echo "$*" >>"$SUBMITTED"
wc -l <"$SUBMITTED"
SH
cat >"$dir/bin/squeue" <<'SH'
#!/bin/sh
[ ! -f "$WAITS" ] || echo 'it waits'
SH
chmod +x "$dir/bin/sbatch" "$dir/bin/squeue"
# submits WANT: with the commands of above in the place of those of Slurm.
submits() {
    exits "$1" env PATH="$dir/bin:$PATH" CREASE="$crease" FAILS="$dir/fails" WAITS="$dir/waits" \
        SUBMITTED="$dir/submitted" scripts/slurm/submit.sh -n 3 -o "$dir/cluster" data/iris-4-16-16-3.json
}
touch "$dir/fails" "$dir/submitted"
submits 1
rm "$dir/fails"
submits 0
says '^array *1$' out
ok; grep -q -- '--array=0-2' "$dir/submitted" && [ "$(wc -l <"$dir/submitted")" -eq 2 ] || fail "$(cat "$dir/submitted")"
touch "$dir/waits"
submits 0
ok; [ "$(grep -c -- --array "$dir/submitted")" -eq 1 ] || fail "an array that waits is submitted twice"
says '^array *1$' out
rm "$dir/waits"
submits 0
ok; [ "$(grep -c -- --array "$dir/submitted")" -eq 2 ] || fail "an array that ended is not submitted again"

finish
