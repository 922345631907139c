#!/bin/sh
# Checks by the symbols of the objects in BUILD that no file calls one of a later room, and that no
# files call one another in a circle.
#
#   check_circles.sh
#
# Prints one line for each violation; exit 0 if there is none, 1 otherwise.
set -u
LC_ALL=C
export LC_ALL
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
cd "${BUILD:-$root/build}/obj/src" || exit 1
rooms=$(sed -n 's/^rooms="\(.*\)"$/\1/p' "$root/tests/house/check_rooms.sh")
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
# Objects whose source is gone stay in the build directory.
find . -name '*.o' | sed 's|^\./||; s|\.o$||' | while IFS= read -r file; do
    [ ! -f "$root/src/$file.c" ] || echo "$file.o"
done | xargs nm -A -g >"$scratch/symbols" || exit 1
# Pairs of files: the first calls the second.
sed 's|\.o:[0-9a-f ]*| |' "$scratch/symbols" | awk '
    $3 !~ /^crease_/ { next }
    $2 == "U" { uses[++n] = $1 " " $3; next }
    { home[$3] = $1 }
    END {
        for (i = 1; i <= n; i++) {
            split(uses[i], use, " ")
            if (use[2] in home && home[use[2]] != use[1])
                print use[1], home[use[2]]
        }
    }' | sort -u >"$scratch/pairs"
if [ "$(wc -l <"$scratch/pairs")" -lt 100 ]; then
    echo "no calls found: is crease built?"
    exit 1
fi
awk -v rooms="$rooms" '
    BEGIN { n = split(rooms, list, " "); for (i = 1; i <= n; i++) place[list[i]] = i }
    { split($1, from, "/"); split($2, to, "/") }
    place[to[1]] > place[from[1]] { print "src/" $1 ".c calls " $2 ".c of a later room" }
' "$scratch/pairs" >"$scratch/bad"
# A circle is named by the files that tsort meets on it.
tsort "$scratch/pairs" 2>&1 >/dev/null | sed 's|^tsort: [^ ]*pairs: ||; s|^tsort: ||' >>"$scratch/bad"
[ ! -s "$scratch/bad" ] || { cat "$scratch/bad" && exit 1; }
