#!/bin/sh
# A count on a Slurm cluster: divides it into jobs, submits them as an array, and a job that adds
# them up.
#
#   submit.sh [-p] [-n JOBS] [-o DIRECTORY] [-c THREADS] [-s SBATCH-OPTION]... NETWORK [OPTIONS OF SHARD]
#
# Called again in the same way, after a failure or when jobs are missing, it takes up the same jobs;
# an array that still waits or runs is not submitted twice.
#
# Prints the directory and the job ids.  Defaults: 256 jobs of one thread, the directory
# jobs-NETWORK in the current one, which all nodes must see.  CREASE names the program, else it is
# found in PATH.
# -p: writes a certificate in parts and checks it; CREASE_CHECK names crease-check.
# Everything after NETWORK goes to "crease shard": --box, --cell and the like.
set -eu
jobs=256
directory=
threads=1
options=
usage() {
    sed -n 's/^#   submit/submit/p' "$0" >&2
    exit 2
}
while getopts pn:o:c:s: option; do
    case $option in
    p) export CREASE_CERTIFY=1 ;;
    n) jobs=$OPTARG ;;
    o) directory=$OPTARG ;;
    c) threads=$OPTARG ;;
    s) options="$options $OPTARG" ;;
    *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -ge 1 ] || usage
network=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
crease=${CREASE:-$(command -v crease)} || { echo "submit.sh: no program crease; set CREASE" >&2; exit 2; }
directory=${directory:-jobs-$(basename "$network" .json)}

"$crease" shard -n "$jobs" -o "$directory" "$@" "$network"
directory=$(cd "$directory" && pwd)
[ -z "${CREASE_CERTIFY:-}" ] || "$crease" certify --trunk "$directory"
count=$(find "$directory" -name '*.job' | wc -l)
export CREASE="$crease"
after=
# The file "array" in the directory has the id of the array that was submitted last.
array=
[ ! -f "$directory/array" ] || array=$(cat "$directory/array")
[ -z "$array" ] || [ -n "$(squeue -h -j "$array" 2>/dev/null)" ] || array=
if [ "$count" -gt 0 ] && [ -z "$array" ]; then
    # shellcheck disable=SC2086
    array=$(sbatch --parsable --array="0-$((count - 1))" --cpus-per-task="$threads" \
        --output="$directory/%a.log" $options "$here/job.sh" "$directory")
    array=${array%%;*}
    echo "$array" >"$directory/array"
fi
if [ -n "$array" ]; then
    after=--dependency=afterany:$array
    echo "array      $array"
fi
# shellcheck disable=SC2086
merge=$(sbatch --parsable $after --output="$directory/merge.log" $options "$here/merge.sh" "$directory")
echo "merge      ${merge%%;*}"
echo "total      $directory/total.json"
