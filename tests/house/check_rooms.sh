#!/bin/sh
# Checks the order of the rooms in src/ and a few rules of the house.
#
#   check_rooms.sh [ROOT]
#
# Prints one line for each violation; exit 0 if there is none, 1 otherwise.
# The rules are in CONTRIBUTING.md.
set -u
LC_ALL=C
export LC_ALL

root=${1:-$(dirname "$0")/../..}
cd "$root" || exit 1

# A file includes from its own room and from those before it.
rooms="base exact net onnx domain model lp dd proof cells search walk split regions sample api bound draw job cli manual mpi"
max_lines=600
max_checker=4620

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
bad=$scratch/bad
: >"$bad"

# Without sources every other check would pass.
if [ ! -d src ]; then
    echo "src: no such directory"
    exit 1
fi
find src -type f \( -name '*.c' -o -name '*.h' \) | sort >"$scratch/sources"
if [ ! -s "$scratch/sources" ]; then
    echo "src: no C files"
    exit 1
fi
tr '\n' '\0' <"$scratch/sources" >"$scratch/arguments"

# Rooms.
awk -F/ -v rooms="$rooms check" '
    BEGIN {
        n = split(rooms, list, " ")
        for (i = 1; i <= n; i++)
            known[list[i]]
    }
    NF < 3 { print $0 ": is in no room"; next }
    !($2 in known) { print $0 ": unknown room " $2 }
' "$scratch/sources" >>"$bad"

# Includes.
# shellcheck disable=SC2016 # of awk
xargs -0 awk -v rooms="$rooms check" '
    function complain(why) { print FILENAME ": includes " included end ": " why }
    BEGIN {
        n = split(rooms, list, " ")
        for (i = 1; i <= n; i++)
            place[list[i]] = i
    }
    FNR == 1 {
        split(FILENAME, part, "/")
        own = part[2]
    }
    !(own in place) || !/^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]/ { next }
    {
        match($0, /["<][^">]*/)
        included = substr($0, RSTART, RLENGTH)
        quoted = included ~ /^"/
        end = quoted ? "\"" : ">"
        name = substr(included, 2)
        parts = split(name, part, "/")
        room = part[1]
    }
    own == "check" {
        if (quoted ? parts != 1 : name ~ /^(crease(_[a-z]+)?|glpk|jansson|omp)\.h$|^nettle\//)
            complain("the checker shares nothing with crease; libc, GMP and zstd only")
        next
    }
    name ~ /^crease(_[a-z]+)?\.h$/ { next }
    !quoted {
        # The compiler would find a room this way as well.
        if (parts > 1 && (room in place) && system("test -f \"src/" name "\"") == 0)
            complain("write it with quotes")
        next
    }
    parts != 2 || !(room in place) { complain("not of the form \"room/file.h\""); next }
    room == own { next }
    room == "check" { complain("the checker stands alone"); next }
    place[room] > place[own] { complain("room " room " comes after " own) }
' <"$scratch/arguments" >>"$bad"

# GLPK has one door.  Tests and benchmarks may call it to compare with.
find src include -type f \( -name '*.c' -o -name '*.h' \) -exec \
    grep -lE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]glpk\.h[">]' {} + 2>/dev/null |
    sort >"$scratch/glpk"
doors=$(wc -l <"$scratch/glpk")
if grep -q '^src/lp/' "$scratch/sources" && [ "$doors" -ne 1 ]; then
    echo "glpk.h: included by $((doors)) files, not by exactly one:" "$(tr '\n' ' ' <"$scratch/glpk")" >>"$bad"
fi
sed -n '/^src\/lp\//!s/$/: includes glpk.h outside of src\/lp/p' "$scratch/glpk" >>"$bad"

# Length, of the tests as well.
{ cat "$scratch/sources"; find tests -name '*.[ch]' 2>/dev/null | sort; } | tr '\n' '\0' | xargs -0 wc -l |
    awk -v most="$max_lines" '$2 != "total" && $1 > most { print $2 ": " $1 " lines, over " most }' >>"$bad"

lines=$(cat src/check/*.[ch] 2>/dev/null | wc -l)
if [ "$lines" -gt "$max_checker" ]; then
    echo "src/check: $((lines)) lines, over $max_checker: it is to be read in one sitting" >>"$bad"
fi

# Names.  Best effort: a line that starts in column one and holds NAME( declares
# or defines a function, unless it is static, a type or an assertion.
# shellcheck disable=SC2016 # of awk
xargs -0 awk '
    FNR == 1 { inside = 0 }
    {
        line = $0
        # Leave out comments; a block comment may go on over lines.
        if (inside && !sub(/^.*\*\//, "", line))
            next
        inside = 0
        gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", line)
        if (sub(/\/\*.*$/, "", line))
            inside = 1
        sub(/\/\/.*$/, "", line)
    }
    line !~ /^[A-Za-z_]/ { next }
    line ~ /^(static|typedef|_Static_assert|static_assert|_Thread_local)([^A-Za-z0-9_]|$)/ { next }
    # main is called by name from outside.
    line ~ /^int main\(/ { next }
    # An initialiser may call a macro.
    line ~ /^[^(]*=/ { next }
    # The checker is a program of its own.
    FILENAME ~ /^src\/check\// { next }
    match(line, /[A-Za-z_][A-Za-z0-9_]*\(/) {
        name = substr(line, RSTART, RLENGTH - 1)
        if (name !~ /^(crease_|CREASE_)/ && name != "__attribute__")
            print FILENAME ":" FNR ": " name " is neither static nor named crease_..."
    }
' <"$scratch/arguments" >>"$bad"

# Clang makes a global name of each static function that is compiled several times.
grep -rhE --include='*.c' '^static CREASE_CLONES [^;]*\(' src | sed 's/(.*//; s/.*[ *]//' | sort | uniq -d |
    sed 's/$/: functions with CREASE_CLONES have names of their own/' >>"$bad"

# Words that do not belong in the repository.  The brackets keep this file from
# matching itself.
if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
    git ls-files -z --cached --others --exclude-standard
else
    find . \( -name .git -o -name build \) -prune -o -type f -print0
fi >"$scratch/files"
xargs -0 grep -nIE 'TO[D]O|FIX[M]E' <"$scratch/files" 2>/dev/null |
    sed 's/$/: unfinished/' >>"$bad"
xargs -0 grep -nIE '(^|[^[:alnum:]_.~-])/([w]ork|[h]ome|[r]oot|[t]mp|[U]sers)(/|$|[^[:alnum:]_/-])' \
    <"$scratch/files" 2>/dev/null |
    # A mkdtemp template needs an absolute path.
    sed -e '/XXXXXX/d' -e 's/$/: a path of one machine/' >>"$bad"

if [ -s "$bad" ]; then
    cat "$bad"
    exit 1
fi
