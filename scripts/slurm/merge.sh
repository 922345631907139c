#!/bin/sh
# Adds up the results of a directory that "crease shard" made, once the array is done.
#
#   sbatch --dependency=afterany:ARRAY merge.sh DIRECTORY
#
# The total goes to DIRECTORY/total.json.  If a result is missing, what is missing goes to the job's
# output.  If there is a certificate, the sum of the verdicts on its parts goes to
# DIRECTORY/verified.
#SBATCH --job-name=crease-merge
#SBATCH --ntasks=1
#SBATCH --time=10
set -u
"${CREASE:-crease}" merge --json "$1" >"$1/total.json.new" && mv "$1/total.json.new" "$1/total.json" || exit
[ -f "$1/trunk.cert.zst" ] || exit 0
domain=
[ ! -f "$1/domain.json" ] || domain=--domain=$1/domain.json
"${CREASE_CHECK:-crease-check}" --part ${domain:+"$domain"} "$1/network.json" "$1/trunk.cert.zst" >"$1/trunk.verdict" &&
    "${CREASE_CHECK:-crease-check}" --total ${domain:+"$domain"} "$1/network.json" "$1"/*.verdict >"$1/verified.new" &&
    mv "$1/verified.new" "$1/verified"
