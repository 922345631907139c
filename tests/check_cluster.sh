#!/bin/sh
# A real Slurm on this one machine, on the loopback address alone: an array of jobs, one of which is
# preempted and one killed with -9, is merged, and the total compared with the plain count; the same count
# under mpirun with 1, 2 and 3 ranks.  For root; takes about four minutes.
#
# Debian: apt-get install slurm-wlm munge openmpi-bin libopenmpi-dev
# shellcheck disable=SC2015,SC2016
set -u
cd "$(dirname "$0")/.." || exit 1
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

stop_daemons() {
    for daemon in slurmd slurmctld munged; do
        [ ! -f "$slurm/$daemon.pid" ] || kill "$(cat "$slurm/$daemon.pid")" 2>/dev/null
    done
    sleep 2
}
trap 'stop_daemons; rm -rf "$dir"' EXIT

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
AuthInfo=socket=$slurm/munge/socket
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

# killed INDEX: has its program been killed with -9?
killed() {
    victim=$(pgrep -f "^$CREASE count --job $dir/jobs --index $1 ") && kill -9 "$victim"
}
waits 60 killed 0 || fail "job 0 never ran"
waits 60 sh -c "squeue -h -t R -j $array -o %K | grep -q ." || fail "nothing runs"
sleep 2
running=$(squeue -h -t R -j "$array" -o %K | head -n 1)
sbatch --parsable -p high -n 2 --output=/dev/null --wrap 'sleep 3' >/dev/null
waits 60 sh -c "scontrol show job ${array}_$running | grep -q 'Restarts=[1-9]'" ||
    fail "job $running was not preempted"
waits 60 grep -q 'queued again' "$dir/jobs/0.log" || fail "job 0 was not queued again: $(cat "$dir/jobs/0.log")"
waits 600 test -f "$dir/jobs/total.json" || {
    fail "no total: $(cat "$dir/jobs/merge.log")"
    squeue >&2
}
cp "$dir/jobs/total.json" "$dir/out"
json "r['regions'] == $total and r['jobs'] == 6"

# ---- ranks ----
if [ -x "$(dirname "$crease")/crease-mpi" ]; then
    tests/test_mpi.sh || failed=$((failed + 1))
    checks=$((checks + 1))
fi

finish
