#!/bin/sh
# Disks that are full or read-only: one line that names the file, exit code 2, nothing that looks
# complete, and the previous checkpoint is still there.  The disks are mounted in a name space of
# its own, which ends with the test; where that is not permitted there is nothing to test.
# shellcheck disable=SC2015
set -u
if [ -z "${DISK_TEST:-}" ]; then
    if unshare --map-root-user --mount sh -c 'mount -t tmpfs -o size=64k none /mnt' 2>/dev/null; then
        DISK_TEST=1 exec unshare --map-root-user --mount "$0"
    fi
    echo "not run: nothing can be mounted here"
    exit 0
fi
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
disk=$dir/disk
file=$disk/state
net=data/diabetes-10-12-8-1.json
total=412051
# What is counted to its end with LP cells; without CREASE_LONG in a box.
box=${more:+-q}
box=${box:---box=-2:2}
mkdir "$disk"
mount -t tmpfs -o size=64k,mode=755 none "$disk" || die "no disk"
trap '[ -z "$child" ] || kill "$child"; umount -l "$disk"; rm -rf "$dir"' EXIT

fill() {
    dd if=/dev/zero of="$disk/filler" bs=1k 2>/dev/null
}
empty() {
    rm -rf "${disk:?}"/*
}
# holds NAMES WHAT: these files and no others, but for the one that fills it.
holds() {
    ok; [ "$(cd "$disk" && find . -type f ! -name filler | sort | xargs)" = "$1" ] ||
        fail "$2: $(find "$disk" -type f)"
}
# no_room PATH ARGUMENTS...: one line that names the file.
no_room() {
    named=$1
    shift
    refuses_in_a_line "$@"
    says "^crease: $named: .*\(No space left\|Read-only\)" err
}
# counted WHAT WANT: the bare count on stdout.
counted() {
    printed "$2" "$1"
}

# ---- full from the beginning ----
fill
no_room "$file" count --checkpoint "$file" "$net"
no_room "$file" count --engine walk --checkpoint "$file" "$net"
no_room "$disk/cert" certify -o "$disk/cert" data/iris-4-16-16-3.json
no_room "$disk/cert.zst" certify -o "$disk/cert.zst" data/moons-2-16-16-2.json
no_room "$disk/new.json" make random --inputs 2 --widths 3 -o "$disk/new.json"
no_room "$disk/new.json" convert "$net" "$disk/new.json"
refuses_in_a_line shard -n 3 -o "$disk/jobs" data/breast-cancer-30-8-8-2.json
says "^crease: $disk/jobs" err
refuses_in_a_line merge "$disk/jobs"
holds "" "a full disk"

# ---- full in the end ----
empty
no_room "$disk/cert" certify -o "$disk/cert" data/iris-4-16-16-3.json
no_room "$disk/cert.zst" certify -o "$disk/cert.zst" data/iris-4-16-16-3.json
holds "" "a certificate larger than the disk"
# The walk's state grows until it does not fit, but for the last.
run 0 count --quiet --engine walk --checkpoint "$file" --checkpoint-every 0.01 data/iris-4-16-16-3.json
counted "a state larger than the disk" 25455
says "goes on without a new checkpoint: $file: .*No space left" err
holds ./state "a state larger than the disk"

# ---- full, or read-only, on the way ----
# interrupted WHAT WORDS COMMAND...: while a count runs the disk gets so; it says so and, stopped,
# that it has kept nothing. What was kept before is as it was, and good.
interrupted() {
    what=$1
    words=$2
    shift 2
    empty
    "$crease" count --checkpoint "$file" --checkpoint-every 0.01 --cell lp "$net" >"$dir/out" 2>"$dir/err" &
    child=$!
    waits 20 grep -q '^regions [1-9]' "$file" || fail "$what: no checkpoint"
    # It may be busy for the moment.
    waits 20 "$@" || fail "$what: $*"
    cp "$file" "$dir/before"
    waits 20 grep -q "^crease: the count goes on without a new checkpoint: $file: .*$words" "$dir/err" ||
        fail "$what: $(cat "$dir/err")"
    kill $child
    wait $child
    code=$?
    child=
    ok; [ $code -eq 2 ] || fail "$what: exit code $code"
    ok; [ ! -s "$dir/out" ] || fail "$what: $(cat "$dir/out")"
    ok; tail -n 1 "$dir/err" | grep -q "^crease: $file: .*$words" || fail "$what: $(cat "$dir/err")"
    holds ./state "$what"
    ok; cmp -s "$dir/before" "$file" || fail "$what: the checkpoint of before is another"
    no_room "$file" count --resume "$file" "$net"
    ok; cmp -s "$dir/before" "$file" || fail "$what: the checkpoint of before is another, once resumed"
}
# full: leaves no room, unless the count is just writing.
full() {
    fill
    [ "$(find "$disk" -name 'state.*' | wc -l)" -eq 0 ] || { rm "$disk/filler"; return 1; }
}
interrupted "a full disk" "No space left" full
rm "$disk/filler"
interrupted "a read-only disk" "Read-only" mount -o remount,bind,ro "$disk"
run 3 count --resume "$file" --checkpoint "$dir/elsewhere" --limit-regions 1 "$net"
mount -o remount,bind,rw "$disk"
# A count that is complete needs no checkpoint.
run 0 count -q "$box" "$net"
whole=$(cat "$dir/out")
rm "$file"
run 3 count -q "$box" --cell lp --limit-regions 1000 --checkpoint "$file" "$net"
"$crease" count -q "$box" -t 1 --resume "$file" "$net" >"$dir/out" 2>"$dir/err" &
child=$!
sleep 0.3
until full; do :; done
wait $child
code=$?
child=
ok; [ $code -eq 0 ] || fail "a full disk in the end: exit code $code: $(cat "$dir/err")"
counted "a full disk in the end" "$whole"
says "^crease: the count goes on without a new checkpoint: $file: .*No space left" err
holds ./state "a full disk in the end"
rm "$disk/filler"
run 0 count -q "$box" --resume "$file" "$net"
counted "once there is room again" "$whole"

# ---- ranks ----
if [ -x "$(dirname "$crease")/crease-mpi" ] && command -v mpirun >/dev/null; then
    local_mpi
    cp "$file" "$dir/before"
    fill
    for keep in "--checkpoint $disk/another" "--resume $file"; do
        # shellcheck disable=SC2086
        exits 2 mpirun -np 2 "$(dirname "$crease")/crease-mpi" count "$box" $keep "$net"
        ok; [ "$(grep -c '^crease-mpi: ' "$dir/err")" -eq 1 ] && grep -q "^crease-mpi: ${keep#* }: .*No space left" "$dir/err" ||
            fail "ranks: $(cat "$dir/err")"
    done
    holds ./state "ranks on a full disk"
    ok; cmp -s "$dir/before" "$file" || fail "ranks: the checkpoint of before is another"
fi

# ---- jobs ----
empty
[ -n "$more" ] || { net=data/iris-4-16-16-3.json && total=25455; }
jobs=$disk/jobs
run 0 shard -n 2 -o "$jobs" "$net"
fill
refuses count --job "$jobs" --index 0
says "^crease: $jobs/0000.state: .*No space left" err
ok; [ ! -e "$jobs/0000.result" ] || fail "a result on a full disk"
no_room "$jobs/0001.cert.zst" certify --job "$jobs" --index 1
refuses_in_a_line merge "$jobs"
says 'missing 0, 1' err
rm "$disk/filler"
run 0 count --job "$jobs" --index 0
mount -o remount,bind,ro "$disk"
refuses count --job "$jobs" --index 1
says "^crease: $jobs/0001.state: .*Read-only" err
refuses_in_a_line merge "$jobs"
says 'missing 1$' err
mount -o remount,bind,rw "$disk"
run 0 count --job "$jobs" --index 1
run 0 merge --quiet "$jobs"
counted "jobs" $total

# ---- no /proc, which the address sanitizer needs ----
[ "${MODE:-}" != asan ] || { finish; exit; }
mount -t tmpfs none /proc || die "no disk"
refuses_in_a_line count --limit-memory 1G "$net"
says '/proc/self/statm' err
run 0 count --quiet "$net"
counted "without /proc" $total
umount /proc

finish
