#!/bin/sh
# One job of a count in parts, as a task of a Slurm array: DIRECTORY is what "crease shard" made.
#
#   sbatch --array=0-N [OPTIONS] job.sh DIRECTORY [OPTIONS OF COUNT]
#
# It goes on where it was: after a preemption (which requeues it), a minute before the time limit,
# and after a crash of the program it is queued again, up to CREASE_RESTARTS times (default: 1000,
# and 3 for crashes).
#
# With CREASE_CERTIFY=1 it writes the job's part of the certificate, which has no checkpoint, and
# lets crease-check (CREASE_CHECK) leave its verdict there.
#SBATCH --job-name=crease
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@60
set -u
directory=$1
shift
crease=${CREASE:-crease}
OMP_NUM_THREADS=${OMP_NUM_THREADS:-${SLURM_CPUS_PER_TASK:-1}}
export OMP_NUM_THREADS
restarts=${SLURM_RESTART_COUNT:-0}

again() {
    [ "$restarts" -lt "$1" ] || return 1
    echo "job ${SLURM_ARRAY_TASK_ID}: queued again" >&2
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
}

command=count
[ -z "${CREASE_CERTIFY:-}" ] || command=certify
# Checks the part.
verdict() {
    part=$directory/$(printf %04d "$SLURM_ARRAY_TASK_ID")
    domain=
    [ ! -f "$directory/domain.json" ] || domain=--domain=$directory/domain.json
    "${CREASE_CHECK:-crease-check}" --part ${domain:+"$domain"} "$directory/network.json" \
        "$directory/trunk.cert.zst" "$part.cert.zst" >"$part.verdict.new" &&
        mv "$part.verdict.new" "$part.verdict"
    code=$?
}

# Once a minute, unless the options say otherwise.
progress=--progress=json
for option; do
    case $option in --progress | --progress=*) progress= ;; esac
done
asked=
"$crease" "$command" --job "$directory" --index "$SLURM_ARRAY_TASK_ID" ${progress:+"$progress"} "$@" &
child=$!
trap 'asked=1; kill -USR1 $child 2>/dev/null' USR1
trap 'asked=2; kill -TERM $child 2>/dev/null' TERM
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
[ "$code" -ne 0 ] || [ "$command" = count ] || verdict
exit "$code"
