#!/bin/sh
# Runs the commands that README.md and doc/*.md show, and compares what they print.
#
#   doc.sh [FILE.md...]     BUILD names the build directory; without files those of README.md, and
#                           in make check-long of doc/ too
#
# A command is a line "$ COMMAND" of a block ```console, which may go on in lines "> MORE". The
# lines up to the next command are its output, stderr included; a line "..." stands for any lines.
# If there are none, the output may be anything. A block under <!-- file: NAME --> is the content of
# that file. The commands of a document run one after the other, in a scratch directory that looks
# like the root of the repository, and all must succeed. Times, rates, memory and numbers of
# decisions are not compared.
#
# Also checked: README.md is short, links and names of files lead somewhere, and doc/commands.md
# lists the options that there are.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/shell.sh
root=$PWD
build=$(cd "${BUILD:-build}" && pwd) || exit 1

# Commands that are not run, each with the reason.
cat >"$dir/list" <<'LIST'
make demo # installs and builds
make check # runs this test
make install # test_install.sh does it
scripts/slurm/submit.sh -n 256 -s --time=4:00:00 NETWORK.json # needs Slurm; check_cluster.sh does it
mpirun -np 4 crease-mpi count NETWORK.json # needs MPI; test_mpi.sh does it
scripts/export_torch.py --example rings.onnx # needs PyTorch
crease count --quiet rings.onnx # needs the file of the command before
crease count --quiet --vnnlib=tests/domain/vnnlib/prop_3.vnnlib ACASXU_run2a_1_1_batch_2000.onnx # a network that is not here
LIST
sed 's/ *# .*//' "$dir/list" >"$dir/excluded"
slurp "$dir/excluded"
excluded=$newline$content
unused=$excluded

every=$(echo README.md doc/*.md)
if [ $# -eq 0 ] && [ -z "$more" ]; then
    echo "not run: commands of doc/, which make check-long runs"
    set -- README.md
elif [ $# -eq 0 ]; then
    # shellcheck disable=SC2086 # one name a word
    set -- $every
fi

# What "make install" would put in place.
mkdir -p "$dir/lib/pkgconfig"
ln -s "$build/libcrease.so" "$dir/lib/libcrease.so"
ln -s "$build/libcrease.so" "$dir/lib/libcrease.so.0"
ln -s "$root/include" "$dir/include"
sed "s|^prefix=.*|prefix=$dir|" "$build/crease.pc" >"$dir/lib/pkgconfig/crease.pc"
export PKG_CONFIG_PATH="$dir/lib/pkgconfig" LD_LIBRARY_PATH="$dir/lib" CREASE_LIBRARY="$build/libcrease.so"
export PATH="$build:$PATH" OMP_WAIT_POLICY=passive LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
unset CREASE CREASE_CHECK
onnx=yes
if "$build/crease" info tests/onnx/data/softmax.onnx 2>&1 | grep -q 'crease was built without'; then
    onnx=
    echo "not run: commands with .onnx files, crease was built without them"
fi

pictures=yes
if "$build/crease" plot -o "$dir/try.svg" data/max-min-2d.json 2>&1 | grep -q cairo; then
    pictures=
    echo "not run: crease plot, there is no cairo"
fi

# steps FILE: N.command, N.wanted and N.line in $dir/steps for every command, and the files of the
# text in ".".
steps() {
    awk -v to="$dir/steps/" '
        function name(what) { return to sprintf("%03d", n) "." what }
        /^<!-- file: / { file = $3; next }
        /^```/ && block { block = ""; file = ""; next }
        /^```/ { block = file != "" ? "file" : $0 == "```console" ? "console" : "other"; if (file != "") printf "" >file; next }
        block == "file" { print >file }
        block != "console" { next }
        /^\$ / { n++; print substr($0, 3) >name("command"); print NR >name("line"); printf "" >name("wanted"); next }
        /^> / { print substr($0, 3) >name("command"); next }
        { print >name("wanted") }
    ' "$1"
}

# alike WANTED GOT: the same lines but for what differs from run to run, "..." standing for any.
alike() {
    awk 'function masked(line, name) {
            if (line ~ /^(time|decisions)  /)
                sub(/  .*/, "", line)
            sub(/  at least [0-9]+/, "  at least #", line)
            sub(/  at most [0-9]+/, "  at most #", line)
            sub(/engine walk, [0-9]+ LPs/, "engine walk, # LPs", line)
            while (match(line, /"([a-z]*_?seconds|peak_rss_bytes|threads|filter|exact|lp|cells|rays|refined|pool)": [0-9.e+-]+/)) {
                name = substr(line, RSTART, RLENGTH)
                sub(/[0-9.e+-]+$/, "#", name)
                line = substr(line, 1, RSTART - 1) name substr(line, RSTART + RLENGTH)
            }
            return line
        }
        FNR == NR { want[++m] = masked($0); next }
        { got[++n] = masked($0) }
        function match_from(i, j) {
            if (i > m)
                return j > n
            if (want[i] == "...")
                return match_from(i + 1, j) || (j <= n && match_from(i, j + 1))
            return j <= n && want[i] == got[j] && match_from(i + 1, j + 1)
        }
        END { exit !match_from(1, 1) }' "$1" "$2"
}

# check FILE: every command of it.
check() {
    rm -rf "$dir/steps" "$dir/tree"
    mkdir "$dir/steps" "$dir/tree"
    for entry in data doc include python scripts src tests; do
        ln -s "$root/$entry" "$dir/tree/$entry"
    done
    cd "$dir/tree" || exit 1
    steps "$root/$1"
    for command in "$dir"/steps/*.command; do
        [ -e "$command" ] || break
        step=${command%.command}
        IFS= read -r first <"$command"
        case $excluded in *"$newline$first$newline"*)
            case $unused in *"$newline$first$newline"*)
                unused=${unused%%"$newline$first$newline"*}$newline${unused#*"$newline$first$newline"}
                ;;
            esac
            continue
            ;;
        esac
        case $first in *.onnx*) [ -n "$onnx" ] || continue ;; esac
        case $first in *"crease plot"*) [ -n "$pictures" ] || continue ;; esac
        timeout 300 sh "$command" >"$step.out" 2>&1 </dev/null
        code=$?
        ok; [ $code -eq 0 ] || fail "$1:$(cat "$step.line"): $first: exit status $code: $(head -c 2000 "$step.out")"
        [ -s "$step.wanted" ] || continue
        ok; alike "$step.wanted" "$step.out" || {
            fail "$1:$(cat "$step.line"): $first"
            diff "$step.wanted" "$step.out" >&2
        }
    done
    cd "$root" || exit 1
}

for file in "$@"; do
    check "$file"
done

# Links, and names of files.
for file in $every CONTRIBUTING.md; do
    here=$(dirname "$file")
    grep -o ']([^)#:]*[)#]' "$file" | sed 's/^](\(.*\).$/\1/' | grep . | while IFS= read -r link; do
        [ -e "$here/$link" ] || echo "$file: no $link"
    done
    # shellcheck disable=SC2016 # no expansion is meant
    grep -oE '`(src|tests|scripts|data|include|doc|python)/[A-Za-z0-9_./-]+`' "$file" | tr -d '`' | while IFS= read -r name; do
        [ -e "$name" ] || echo "$file: no $name"
    done
done >"$dir/dead"
ok; [ ! -s "$dir/dead" ] || fail "$(cat "$dir/dead")"

ok; [ "$*" != "$every" ] || [ "$unused" = "$newline" ] || fail "not in README.md or doc/, and excluded: $unused"
case $* in README.md*)
    ok; [ "$(wc -l <README.md)" -le 150 ] || fail "README.md has over 150 lines"
    for command in count certify info bound make compare convert shard merge status \
        estimate sample regions stats identify boundary plot; do
        "$build/crease" "$command" --help | grep -oE '^ .{0,6}--[a-z-]+' | grep -oE -- '--[a-z-]+'
    done | grep -vxE -e '--(help|usage|version)' | sort -u >"$dir/options"
    sed -n 's/^| `\(--[a-z-]*\).*/\1/p' doc/commands.md | sort -u >"$dir/listed"
    ok; diff "$dir/options" "$dir/listed" >&2 || fail "doc/commands.md lists other options than --help"
    ;;
esac
echo "not run: commands that need Slurm, MPI or PyTorch"
finish
