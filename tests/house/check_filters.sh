#!/bin/sh
# Checks the list of filters in src/base/shadow.c: the proof of each is where the list says, its
# shadow check is called there, and no file decides by an error bound without being on the list.
#
#   check_filters.sh [ROOT]
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 1
list=src/base/shadow.c
bad=0
complain() {
    echo "$*"
    bad=1
}
# One line per filter: name|proof|function|file that calls it.
entries=$(tr -d '\n' <$list | grep -o '\[CREASE_FILTER_[A-Z_]*\] = {[^}]*}' |
    sed 's/.*{"//; s/"}//; s/", *"/|/g')
[ "$(echo "$entries" | wc -l)" -ge 20 ] || complain "$list: the list is not readable"
echo "$entries" | {
    while IFS='|' read -r name proof shadow calls; do
        [ -f "$proof" ] || complain "$name: no $proof"
        grep -q "$shadow(" "$calls" 2>/dev/null || complain "$name: $calls does not call $shadow"
        grep -q 'if (CREASE_SHADOW' "$calls" 2>/dev/null || complain "$name: $calls never checks"
    done
    # These have nothing to prove: bounds themselves, proposers, kernels that a listed file calls,
    # second counts, which only say yes or no to the first.
    # shellcheck disable=SC2013 # names without spaces
    for file in $(grep -lE 'crease_filter_(bound|gamma|sign)|crease_signs\(|crease_modular_' src/*/*.c); do
        case $file in
        src/exact/signs.c | src/exact/basis.c | src/dd/refine.c | src/lp/dense.c | src/split/flat_form.c | src/proof/walls.c) continue ;;
        src/cells/cell_root.c | src/model/output_map.c | src/proof/recount*.c | */shadow.c) continue ;;
        esac
        echo "$entries" | grep -q "|$file\$" || complain "$file: decides by a bound, but is not in $list"
    done
    exit $bad
}
