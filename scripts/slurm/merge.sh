#!/bin/sh
# Adds up the results of a directory that "crease shard" made, once the array is done.
#
#   sbatch --dependency=afterany:ARRAY merge.sh DIRECTORY
#
# The total goes to DIRECTORY/total.json.  If a result is missing, what is missing goes to the job's output.
#SBATCH --job-name=crease-merge
#SBATCH --ntasks=1
#SBATCH --time=10
set -u
"${CREASE:-crease}" merge --json "$1" >"$1/total.json.new" && mv "$1/total.json.new" "$1/total.json"
