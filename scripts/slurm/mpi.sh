#!/bin/sh
# One count by many ranks; each node runs as many as it is given tasks.
#
#   sbatch --ntasks=64 --cpus-per-task=1 mpi.sh NETWORK [OPTIONS OF COUNT]
#
# The state is kept in NETWORK.state in the current directory; the count goes on from it after a
# preemption (which requeues the job), a minute before the time limit, and after a crash: then the
# job is queued again, up to CREASE_RESTARTS times (default: 1000, and 3 for crashes).
#SBATCH --job-name=crease-mpi
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@60
set -u
network=$1
shift
state=$(basename "$network").state
OMP_NUM_THREADS=${OMP_NUM_THREADS:-${SLURM_CPUS_PER_TASK:-1}}
export OMP_NUM_THREADS
restarts=${SLURM_RESTART_COUNT:-0}

again() {
    [ "$restarts" -lt "$1" ] || return 1
    echo "job $SLURM_JOB_ID: queued again" >&2
    scontrol requeue "$SLURM_JOB_ID"
}

# Once a minute, unless the options say otherwise.
progress=--progress=json
for option; do
    case $option in --progress | --progress=*) progress= ;; esac
done
asked=
# shellcheck disable=SC2086
${MPIRUN:-mpirun} "${CREASE_MPI:-crease-mpi}" count ${progress:+"$progress"} --checkpoint "$state" "$@" "$network" &
child=$!
trap 'asked=1; kill -USR1 $child 2>/dev/null' USR1
# mpirun gives ranks no time to end after TERM.
trap 'asked=2; kill -USR1 $child 2>/dev/null' TERM
# A signal ends wait, not the program.
while :; do
    wait $child
    code=$?
    kill -0 $child 2>/dev/null || break
done
# Where Slurm preempts, it queues again by itself; what is cancelled is to end.
[ "$asked" = 2 ] || case $code in
75) again "${CREASE_RESTARTS:-1000}" ;;
1 | 13[0-9]) again "${CREASE_RESTARTS:-3}" ;;
esac
exit "$code"
