#!/bin/sh
# One count by many ranks; each node runs as many as it is given tasks.
#
#   sbatch --ntasks=64 --cpus-per-task=1 mpi.sh NETWORK [OPTIONS OF COUNT]
#
# The state is kept in NETWORK.state in the current directory; the count goes on from it after a
# preemption, the time limit or a crash.
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
keep=--checkpoint
[ ! -f "$state" ] || keep=--resume
asked=
# shellcheck disable=SC2086
${MPIRUN:-mpirun} "${CREASE_MPI:-crease-mpi}" count --progress json $keep "$state" "$@" "$network" &
child=$!
trap 'asked=1; kill -USR1 $child 2>/dev/null' USR1
trap 'asked=2; kill -TERM $child 2>/dev/null' TERM
while :; do
    wait $child
    code=$?
    kill -0 $child 2>/dev/null || break
done
if [ "$code" -eq 75 ] && [ "$asked" = 1 ]; then
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$code"
