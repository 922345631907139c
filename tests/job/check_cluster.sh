#!/bin/sh
# A real Slurm on this one machine, on the loopback address alone: an array of jobs, one of which is
# preempted, one killed with -9 and one signalled, is merged, and the total compared with the plain
# count; an array that certifies; one job of two ranks, treated in the same way; mpirun.  For root;
# takes about four minutes.
#
# Debian: apt-get install slurm-wlm munge openmpi-bin libopenmpi-dev
# shellcheck disable=SC2015,SC2016
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/support/shell.sh
. tests/support/shell.sh
[ "$(id -u)" -eq 0 ] || die "for root, as it starts the daemons of Slurm"
for program in slurmctld slurmd munged sbatch; do
    command -v $program >/dev/null || die "no $program; apt-get install slurm-wlm munge"
done
CREASE=$(cd "$(dirname "$crease")" && pwd)/crease
export CREASE
slurm=$dir/slurm
host=$(hostname -s)

# over PID: no such process.
over() {
    ! kill -0 "$1" 2>/dev/null
}
# Jobs first: they would outlive the daemons.
stop_all() {
    if [ -f "$slurm/slurmctld.pid" ] && [ -f "$slurm/slurmd.pid" ]; then
        timeout 10 scancel --me 2>/dev/null
        waits 40 sh -c "! timeout 10 squeue -h | grep -q ."
    fi
    for daemon in slurmd slurmctld munged; do
        [ -f "$slurm/$daemon.pid" ] || continue
        pid=$(cat "$slurm/$daemon.pid")
        kill "$pid" 2>/dev/null
        waits 15 over "$pid" || kill -s KILL "$pid"
    done
}
# States are written seldom where that is slow.
memory=$(mktemp -d -p /dev/shm) || memory=$dir
trap 'stop_all; rm -rf "$dir" "$memory"' EXIT

# ---- the cluster ----
chmod 755 "$dir"
mkdir -p "$slurm/ctld" "$slurm/d" "$slurm/munge"
dd if=/dev/urandom of="$slurm/munge/key" bs=128 count=1 2>/dev/null
chown -R munge: "$slurm/munge"
chmod 600 "$slurm/munge/key"
runuser -u munge -- munged --socket="$slurm/munge/socket" --key-file="$slurm/munge/key" \
    --pid-file="$slurm/munge/pid" --log-file="$slurm/munge/log" --seed-file="$slurm/munge/seed" ||
    die "munged does not start"
cp "$slurm/munge/pid" "$slurm/munged.pid"
cat >"$slurm/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldParameters=enable_configless
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$slurm/munge/socket,cred_expire=5
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
MpiDefault=none
StateSaveLocation=$slurm/ctld
SlurmdSpoolDir=$slurm/d
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/ctld.log
SlurmdLogFile=$slurm/d.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000
PartitionName=low Nodes=$host Default=YES PriorityTier=1 PreemptMode=REQUEUE GraceTime=0
PartitionName=high Nodes=$host PriorityTier=2 PreemptMode=OFF
CONF
export SLURM_CONF="$slurm/slurm.conf"
slurmctld -c || die "slurmctld does not start"
slurmd -N "$host" || die "slurmd does not start"
waits 60 sh -c 'sinfo -h -o %T | grep -q idle' || die "no node: $(tail -n 3 "$slurm/d.log")"

# ---- the array ----
"$crease" make random --inputs 6 --widths 22,14 --seed 3 -o "$dir/net.json" >/dev/null || die "no network"
run 0 count --quiet "$dir/net.json"
total=$(cat "$dir/out")
scripts/slurm/submit.sh -n 6 -o "$dir/jobs" "$dir/net.json" --cell lp >"$dir/submitted" ||
    die "submit.sh fails"
array=$(sed -n 's/^array *//p' "$dir/submitted")
merge=$(sed -n 's/^merge *//p' "$dir/submitted")
ok; [ -n "$array" ] && [ -n "$merge" ] || fail "submit.sh: $(cat "$dir/submitted")"

# restarted ID TIMES: Slurm has started the job anew so often.
restarted() {
    scontrol show job "$1" | grep -q "Restarts=$2 "
}
# runs ID: its state is RUNNING.
runs() {
    squeue -h -t R -j "$1" | grep -q .
}
# preempts: the whole node for three seconds.
preempts() {
    sbatch --parsable -p high -n 2 --output=/dev/null --wrap 'sleep 3' >/dev/null
}
# killed PATTERN: has the last such process been killed with -9?
killed() {
    victim=$(pgrep -f "$1" | tail -n 1) && kill -s KILL "$victim"
}
# requeued ID TIMES WHY
requeued() {
    ok; waits 60 restarted "$1" "$2" || fail "job $1 was not started anew after $3"
}

waits 60 killed "^$CREASE count --job $dir/jobs --index 0 " || fail "job 0 never ran"
requeued "${array}_0" 1 "kill -9"
ok; grep -q 'queued again' "$dir/jobs/0.log" || fail "job 0 was not queued again: $(cat "$dir/jobs/0.log")"
waits 60 runs "$array" || fail "nothing runs"
sleep 2
running=$(squeue -h -t R -j "$array" -o %K | head -n 1)
preempts
requeued "${array}_$running" 1 "a preemption"
# What --signal=B:USR1@60 sends, before a time limit.
waits 60 test -f "$dir/jobs/0005.state" || fail "job 5 never ran"
scancel --batch --signal=USR1 "${array}_5"
requeued "${array}_5" 1 "SIGUSR1"
ok; waits 600 test -f "$dir/jobs/total.json" || {
    fail "no total: $(cat "$dir/jobs/merge.log")"
    squeue >&2
}
cp "$dir/jobs/total.json" "$dir/out"
json "r['regions'] == $total and r['jobs'] == 6"

# ---- a certificate in parts ----
CREASE_CHECK=$(dirname "$CREASE")/crease-check
export CREASE_CHECK
scripts/slurm/submit.sh -p -n 3 -o "$dir/parts" data/iris-4-16-16-3.json >"$dir/submitted" ||
    fail "submit.sh -p fails"
ok; waits 120 grep -q '^VERIFIED 25455 regions' "$dir/parts/verified" ||
    fail "not verified: $(cat "$dir/parts"/*.log)"

# ---- cancelled ----
# What is cancelled ends, and is not queued again.
mkdir "$dir/single"
"$crease" shard -n 2 --cell lp -o "$dir/single" "$dir/net.json" >/dev/null || fail "no jobs"
job=$(sbatch --parsable --array=0 --output="$dir/single/0.log" scripts/slurm/job.sh "$dir/single")
waits 60 test -f "$dir/single/0000.state" || fail "the job to cancel never ran"
scancel "$job"
waits 60 sh -c "! squeue -h -j $job | grep -q ." || fail "a cancelled job goes on: $(squeue)"
ok; scontrol show job "$job" | grep -q 'JobState=CANCELLED.*' || fail "a cancelled job: $(scontrol show job "$job")"

# ---- ranks ----
if [ -x "$(dirname "$CREASE")/crease-mpi" ]; then
    CREASE_MPI=$(dirname "$CREASE")/crease-mpi
    export CREASE_MPI
    local_mpi
    scripts=$(pwd)/scripts/slurm
    # Slurm may take ten seconds to pass on a signal.
    "$crease" make random --inputs 6 --widths 24,18 --seed 3 -o "$dir/long.json" >/dev/null || die "no network"
    run 0 count --quiet "$dir/long.json"
    total=$(cat "$dir/out")
    state=$memory/long.json.state
    # regions_kept: of the state.
    regions_kept() {
        sed -n 's/^regions //p' "$state"
    }
    # beyond N: the ranks have counted more than so many regions.
    beyond() {
        [ "$(regions_kept)" -gt "$1" ]
    }
    job=$(cd "$memory" && sbatch --parsable -n 2 --output="$dir/mpi.out" --error="$dir/mpi.err" "$scripts/mpi.sh" \
        "$dir/long.json" --json --cell lp --checkpoint-every 0.5)
    waits 60 test -f "$state" || fail "no state of the ranks: $(cat "$dir/mpi.err")"
    sleep 2
    scancel --batch --signal=USR1 "$job"
    requeued "$job" 1 "SIGUSR1"
    before=$(regions_kept)
    ok; [ "$before" -gt 0 ] || fail "nothing was kept after SIGUSR1"
    waits 60 beyond "$before" || fail "the ranks do not go on"
    preempts
    requeued "$job" 2 "a preemption"
    before=$(regions_kept)
    waits 60 runs "$job" || fail "the ranks do not go on"
    waits 60 killed "^$CREASE_MPI count" || fail "no rank to kill: $(cat "$dir/mpi.err")"
    requeued "$job" 3 "kill -9"
    ok; [ "$(grep -c 'queued again' "$dir/mpi.err")" -eq 2 ] || fail "the ranks: $(cat "$dir/mpi.err")"
    ok; waits 300 grep -q '"complete": true' "$dir/mpi.out" || fail "no total of the ranks: $(cat "$dir/mpi.err")"
    waits 20 sh -c "! squeue -h -j $job | grep -q ."
    # The last object.
    tac "$dir/mpi.out" | sed '/^{/q' | tac >"$dir/out"
    json "r['regions'] == $total and r['complete'] and r['threads'] == 2 and 0 < $before < r['regions'] and r['earlier_seconds'] > 2"
    tests/job/test_mpi.sh || failed=$((failed + 1))
    checks=$((checks + 1))
fi

finish
