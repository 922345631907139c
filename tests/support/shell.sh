# shellcheck shell=sh
# What the shell tests share: `. tests/support/shell.sh`, from the root of the repository.
#
# CREASE, or BUILD, names the program crease. dir is a scratch directory, which goes at the end, as
# does a process child if there is one. A failed check is reported and counted; finish is the
# verdict.
self=$(basename "$0" .sh)
crease=${CREASE:-${BUILD:-build}/crease}
child=
dir=$(mktemp -d) || exit 1
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
failed=0
checks=0
# Not empty in make check-long: everything then, a sample otherwise.
# shellcheck disable=SC2034
more=${CREASE_LONG:-}
# sampled N: true every N-th time it is asked, or always in make check-long.
turn=0
sampled() {
    [ -n "$more" ] || [ $(((turn += 1) % $1)) -eq 0 ]
}

# Without the packages installed beside it, python3 starts in a third of the time; `command python3`
# has them.
if command -v python3 >/dev/null 2>&1; then
    python3() {
        command python3 -S "$@"
    }
fi

die() {
    echo "$self: $*" >&2
    exit 1
}

fail() {
    failed=$((failed + 1))
    echo "FAILED: $*" >&2
}

ok() {
    checks=$((checks + 1))
}

finish() {
    [ -z "$asked_json" ] || all_json
    echo "$self: $checks checks, $failed failed"
    [ "$failed" -eq 0 ]
}

# slurp FILE: sets content to its lines, each with its end, and rest to what follows the last end;
# without a process, which costs more than to read a short file.
slurp() {
    content=
    while IFS= read -r rest; do
        content=$content$rest$newline
    done <"$1"
    content=$content${rest:+$rest$newline}
}
newline='
'

# exits WANT COMMAND...: stdout and stderr in $dir, checks the exit code.
exits() {
    expected=$1
    shift
    "$@" >"$dir/out" 2>"$dir/err" </dev/null
    code=$?
    ok; [ "$code" -eq "$expected" ] || {
        fail "$*: exit code $code, expected $expected"
        head -c 2000 "$dir/err" | sed 's/^/    /' >&2
    }
}

# run WANT ARGS...: the same of crease.
run() {
    wanted=$1
    shift
    exits "$wanted" "$crease" "$@"
}

# local_mpi: mpirun keeps to the loopback address and to $dir, as what is killed leaves files. Root
# is usual in a container; Open MPI leaks.
local_mpi() {
    export OMPI_MCA_btl=self,vader OMPI_MCA_oob_tcp_if_include=lo
    export OMPI_MCA_orte_tmpdir_base="$dir" OMPI_MCA_btl_vader_backing_directory="$dir"
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
    export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
}

# waits SECONDS COMMAND...: until the command succeeds; false if it never does.
waits() {
    left=$(($1 * 10))
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}

# chance N: sets picked to a random number below N, the same ones for the same seed.
chance() {
    seed=$(((seed * 16807 + 12345) % 2147483647))
    picked=$((seed / 13 % $1))
}

# moment LEAST MOST: sets moment, in seconds, to something between these milliseconds.
moment() {
    chance $(($2 - $1))
    moment=$(printf '%d.%03d' $((($1 + picked) / 1000)) $((($1 + picked) % 1000)))
}

# catches PID: the process has come to where it catches SIGUSR1, or has ended.
catches() {
    [ ! -e "/proc/$1/status" ] ||
        grep -qs -e '^SigCgt:.*[2367abef]..$' -e '^State:.*Z' "/proc/$1/status"
}

# stopped SIGNAL SECONDS COMMAND...: sends it the signal after that time, and no earlier than it
# catches signals; stdout and stderr in $dir, its exit code in code. What was stopped ends with 75,
# what was killed with 137, what was done with 0; a crash is none of these.
stopped() {
    signal=$1
    moment=$2
    shift 2
    "$@" >"$dir/out" 2>"$dir/err" </dev/null &
    child=$!
    sleep "$moment"
    [ "$signal" = KILL ] || waits 600 catches $child
    kill -s "$signal" $child 2>/dev/null
    { wait $child; } 2>/dev/null
    code=$?
    child=
    case $signal:$code in
    *:0) return ;;
    KILL:137) killed=$((killed + 1)) ;;
    TERM:75 | INT:75 | HUP:75 | USR1:75) asked=$((asked + 1)) ;;
    *) fail "SIG$signal after $moment s: exit code $code: $(cat "$dir/err")" ;;
    esac
}
killed=0
asked=0

# Bad usage or input: code 2, a message on stderr, nothing on stdout.
refuses() {
    run 2 "$@"
    ok; [ -s "$dir/err" ] || fail "crease $*: no message on stderr"
    ok; [ ! -s "$dir/out" ] || fail "crease $*: output in spite of an error"
}

# The same with one line only.
refuses_in_a_line() {
    refuses "$@"
    one_line "crease $*"
}

# one_line WHERE: the message of the last run.
one_line() {
    slurp "$dir/err"
    ok; case $rest:${content%"$newline"} in
    [!:]* | :*"$newline"*) fail "$1: the message is not one line: $content" ;;
    esac
}

# printed TEXT WHERE: all that the last run printed on stdout.
printed() {
    slurp "$dir/out"
    ok; [ "$content" = "$1$newline" ] || fail "$2: prints $content, expected $1"
}

# says WORDS FILE: the last run said so, in out or err.
says() {
    slurp "$dir/$2"
    sought=$1
    case $sought in ^*) sought=$newline${sought#^} ;; esac
    case $sought in *\$) sought=${sought%\$}$newline ;; esac
    ok; case $newline$content in *"$sought"*) return ;; esac
    # An expression, not these very words.
    grep -q -e "$1" "$dir/$2" || fail "no \"$1\" in $(cat "$dir/$2")"
}

# Of the network that crease reads with these options.
digest() {
    "$crease" info "$@" 2>&1 | sed -n 's/^digest *//p'
}

# same A B WHERE: equal, and not empty.
same() {
    ok; if [ -z "$1" ] || [ "$1" != "$2" ]; then fail "$3: $1 is not $2"; fi
}

# json EXPRESSION [OF]: a Python expression about r, the one object on stdout, and b, the bounds in
# it by name.  One Python looks at all of them in the end, as it takes long to start.
json() {
    ok
    asked_json=$((asked_json + 1))
    slurp "$dir/out"
    printf '%s\0%s\0%s' "$1" "${2:-}" "$content" >"$dir/asked.$asked_json"
}
asked_json=

all_json() {
    python3 -IS - "$dir/asked" "$asked_json" >"$dir/wrong" <<'PY' || fail "json: $(cat "$dir/wrong")"
import json, math, sys
def good(text, expression):
    r = json.loads(text)  # refuses anything after the one object
    b = {x["id"]: x for x in r.get("bounds", [])}
    return len(b) == len(r.get("bounds", [])) and eval(expression, {"r": r, "b": b, "json": json, "math": math})
wrong = 0
for i in range(int(sys.argv[2])):
    with open(f"{sys.argv[1]}.{i + 1}") as file:
        expression, of, text = file.read().split("\0", 2)
    try:
        why = "" if good(text, expression) else "false"
    except Exception as error:
        why = repr(error)
    if why:
        wrong += 1
        print(f"{of}: {expression}: {why}, of {text[:2000]}")
sys.exit(wrong > 0)
PY
}

# field NAME: the first of this name in the JSON on stdout.
field() {
    slurp "$dir/out"
    case $content in *"\"$1\":"*) ;; *) return ;; esac
    content=${content#*"\"$1\":"}
    content=${content%%"$newline"*}
    content=${content# }
    content=${content#\"}
    echo "${content%%[\",\{\}]*}"
}

# A network 10-48-48-1 of random weights: far more regions than any run waits for.
big_network() {
    awk 'function row(n, j, t) {
        for (j = 0; j < n; j++) { s = (s * 16807) % 2147483647; t = t (j ? "," : "") ((s % 2001) - 1000) }
        return "[" t "]"
    }
    function layer(m, n, kind, u, t) {
        for (u = 0; u < n; u++) t = t (u ? "," : "") row(m)
        return "{\"activation\": \"" kind "\", \"weight\": [" t "], \"bias\": " row(n) "}"
    }
    BEGIN {
        s = 12345
        print "{\"input\": 10, \"layers\": [" layer(10, 48, "relu") ","
        print layer(48, 48, "relu") "," layer(48, 1, "linear") "]}"
    }'
}
