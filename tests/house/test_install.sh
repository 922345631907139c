#!/bin/sh
# Installs into a directory of its own, and uninstalls: builds the C program of doc/c.md with the
# shared and the static library, imports the Python module, and looks for every command and option
# in the manual pages and completions.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/shell.sh

# The mode and flags of an outer make do not belong here.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MODE BUILD
prefix=$dir/prefix
net=data/max-min-2d.json
make -s --no-print-directory install PREFIX="$prefix" || die "make install fails"
for file in bin/crease bin/crease-check include/crease.h include/crease_network.h \
    include/crease_bounds.h include/crease_jobs.h include/crease_regions.h include/crease_sample.h \
    include/crease_points.h lib/libcrease.a lib/libcrease.so \
    lib/pkgconfig/crease.pc share/man/man1/crease.1 share/man/man1/crease-check.1 \
    share/bash-completion/completions/crease share/bash-completion/completions/crease-check \
    share/zsh/site-functions/_crease share/crease/slurm/submit.sh share/crease/slurm/job.sh \
    share/crease/slurm/merge.sh share/crease/slurm/mpi.sh share/crease/slurm/crease.lua \
    share/doc/crease/README.md share/doc/crease/LICENSE share/doc/crease/doc/commands.md; do
    [ -s "$prefix/$file" ] || die "$file is not installed"
done
# The pictures that the documents show.
for file in "$prefix/share/doc/crease/README.md" "$prefix"/share/doc/crease/doc/*.md; do
    # shellcheck disable=SC2013 # their names have no spaces
    for picture in $(sed -n 's/^!\[.*\](\(.*\))$/\1/p' "$file"); do
        [ -s "$(dirname "$file")/$picture" ] || die "$file shows $picture, which is not installed"
    done
done
[ "$("$prefix/bin/crease" count --quiet $net)" = 5 ] || die "the installed program does not count 5"

# shellcheck disable=SC2016 # no expansion is meant
sed -n '/^```c$/,/^```$/p;/^```console/q' doc/c.md | sed '/^```/d' >"$dir/regions.c"
[ -s "$dir/regions.c" ] || die "no C program in doc/c.md"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
version=$(sed -n 's/.*CREASE_VERSION "\(.*\)"/\1/p' include/crease.h)
[ "$(pkg-config --modversion crease)" = "$version" ] || die "pkg-config does not say $version"
warn="-std=c11 -Wall -Wextra -Wpedantic -Werror"
# shellcheck disable=SC2046,SC2086 # several words
${CC:-cc} $warn "$dir/regions.c" $(pkg-config --cflags --libs crease) -o "$dir/shared" ||
    die "the program of doc/c.md does not build"
# shellcheck disable=SC2046,SC2086 # several words
${CC:-cc} $warn "$dir/regions.c" $(pkg-config --cflags crease) "$prefix/lib/libcrease.a" \
    $(pkg-config --static --libs crease | sed 's/-lcrease//') -o "$dir/static" ||
    die "the program of doc/c.md does not build with the static library"
[ "$(LD_LIBRARY_PATH=$prefix/lib "$dir/shared" $net)" = "5 regions" ] || die "shared: not 5 regions"
[ "$("$dir/static" $net)" = "5 regions" ] || die "static: not 5 regions"
if LD_LIBRARY_PATH=$prefix/lib "$dir/shared" nowhere.json 2>"$dir/err"; then
    die "no error for a missing file"
fi
grep -q nowhere.json "$dir/err" || die "the message does not name the missing file"

# The headers are C++ as well.
if command -v g++ >/dev/null; then
    cat >"$dir/regions.cc" <<'CC'
#include <crease.h>
#include <crease_bounds.h>
#include <crease_jobs.h>
#include <crease_network.h>
#include <crease_points.h>
#include <crease_regions.h>
#include <crease_sample.h>
#include <cstdio>
#include <cstring>

int main()
{
    const double weight[] = {1, -1}, out[] = {1, 1}, bias[] = {0, -1};
    crease_layer_shape hidden = {CREASE_RELU, 2, 1, 0, 0, {nullptr, nullptr}};
    crease_layer_shape last = {CREASE_LINEAR, 1, 2, 0, 0, {nullptr, nullptr}};
    crease_network *network;
    crease_result result;
    crease_flag stop(0);
    crease_options options;
    crease_options_default(&options);
    options.stop = &stop;
    if (crease_network_new(1, &network, nullptr) ||
        crease_network_add_layer(network, &hidden, weight, bias, nullptr) ||
        crease_network_add_layer(network, &last, out, nullptr, nullptr) ||
        crease_count(network, nullptr, &options, &result, nullptr))
        return 1;
    bool counted = result.complete;
    std::puts(result.digits);
    stop = 1;
    if (crease_count(network, nullptr, &options, &result, nullptr) || result.complete)
        return 1;
    crease_network_free(network);
    return counted && !std::strcmp(crease_version(), CREASE_VERSION) ? 0 : 1;
}
CC
    # shellcheck disable=SC2046 # several words
    g++ -std=c++11 -Wall -Wextra -Wpedantic -Werror "$dir/regions.cc" \
        $(pkg-config --cflags --libs crease) -o "$dir/cxx" || die "the headers are not C++"
    [ "$(LD_LIBRARY_PATH=$prefix/lib "$dir/cxx")" = 3 ] || die "C++: not 3 regions"
else
    echo "not run: the headers in C++, there is no g++"
fi

# The Python package finds the library that was installed with it.
python=/usr/bin/python3
[ -x $python ] || python=python3
package=$(find "$prefix/lib" -path "*/crease/__init__.py")
[ -s "$package" ] || die "the Python package is not installed"
modules=$(dirname "$(dirname "$package")")
ok; [ -e "$modules/crease/py.typed" ] || fail "py.typed is not installed"
mkdir "$dir/elsewhere"
# It leaves compiled modules, which are to go as well.
(cd "$dir/elsewhere" && unset CREASE_LIBRARY && PYTHONPATH=$modules $python -c '
import crease
print(crease.count([([[1, 0], [0, 1]], [0, 0])], box="-1:1").regions)') >"$dir/out" 2>&1
printed 1 "the Python package says"

# pip needs no compiler, and pkg-config knows where the library is.
cp -R python "$dir/python"
if [ -z "$more" ]; then
    echo "not run: pip install, which make check-long does"
elif $python -m pip --version >/dev/null 2>&1 && $python -c 'import setuptools' 2>/dev/null; then
    $python -m pip install --quiet --no-deps --no-build-isolation --no-index --root-user-action=ignore \
        --target "$dir/pip" "$dir/python" >"$dir/out" 2>&1 || die "pip: $(cat "$dir/out")"
    (cd "$dir/elsewhere" && unset CREASE_LIBRARY LD_LIBRARY_PATH && PYTHONPATH=$dir/pip $python -c '
import crease, importlib.metadata
assert importlib.metadata.version("crease") == crease.__version__ == crease.library_version()
print(crease.count([([[1, 0], [0, 1]], [0, 0])], box="-1:1").regions)') >"$dir/out" 2>&1
    printed 1 "the package of pip says"
    ok; [ -e "$dir/pip/crease/py.typed" ] || fail "pip leaves out py.typed"
else
    echo "not run: pip install, $python has no pip or no setuptools"
fi

# ---- Manual pages and completions ----

man=$prefix/share/man/man1
bash=$prefix/share/bash-completion/completions/crease
zsh=$prefix/share/zsh/site-functions/_crease
commands=$("$prefix/bin/crease" --help | sed -n 's/^  crease \([a-z]*\) .*/\1/p')
ok; [ "$(echo "$commands" | wc -l)" -ge 9 ] || fail "commands: $commands"
# options PROGRAM...: the names that its --help lists.
options() {
    "$@" --help | grep -oE -- '^ .{0,6}--[a-z][a-z-]*' | grep -oE -- '--[a-z-]+'
}
# section COMMAND: of the manual page, as plain text with "-" for "\-".
sed -e 's/\\f[BIR]//g' -e 's/\\-/-/g' "$man/crease.1" >"$dir/page"
section() {
    awk -v head=".SS \"crease $1\"" '$0 == head { on = 1; next } /^\.S[SH]/ { on = 0 } on' "$dir/page"
}
# words WORD...: what bash completes the command line to; the last word is what is typed.
cat >"$dir/words.bash" <<'EOS'
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
case $1 in crease-check) _crease_check ;; *) _crease ;; esac
printf '%s\n' "${COMPREPLY[@]}"
EOS
words() {
    bash "$dir/words.bash" "$bash" "$@"
}
has_bash=yes
command -v bash >/dev/null || { has_bash= && echo "not run: completion in bash, there is no bash"; }
# missing WHERE FILE BEFORE AFTER: fails if one of the options is not in that file between these
# expressions.
missing() {
    absent=$(awk -v before="$3" -v after="$4" 'FNR == NR { text[++n] = $0; next }
        { found = 0; for (i = 1; i <= n && !found; i++) found = text[i] ~ (before $0 after); if (!found) print }' \
        "$dir/$2" "$dir/options")
    [ -z "$absent" ] || fail "$1: no $absent"
}
for command in $commands; do
    # Without CREASE_LONG every fourth.
    sampled 4 || continue
    section "$command" >"$dir/section"
    ok; [ -s "$dir/section" ] || fail "crease.1 has no section on $command"
    sed -n "/^    $command)\$/,/;;\$/p" "$zsh" >"$dir/zsh"
    [ -z "$has_bash" ] || words crease "$command" - >"$dir/bash"
    options "$prefix/bin/crease" "$command" | grep -vxE -e '--(help|usage|version)' >"$dir/options"
    ok; [ -s "$dir/options" ] || fail "$command has no options"
    ok; missing "crease.1: $command" section '' '([^a-z-]|$)'
    ok; missing "_crease: $command" zsh '[^a-z]' '([^a-z-]|$)'
    ok; missing "what crease.1 describes" page '^(-[a-z], )?' '(=.*)?$'
    [ -z "$has_bash" ] || { ok; missing "bash: $command" bash '^' '=?$'; }
done
sed -e 's/\\f[BIR]//g' -e 's/\\-/-/g' "$man/crease-check.1" >"$dir/page"
"$prefix/bin/crease-check" --help | grep -oE -- '--[a-z]+' | sort -u >"$dir/options"
ok; grep -qx -e --dump "$dir/options" || fail "crease-check --help"
while read -r option; do
    ok; grep -qE "^(-[a-z], )?$option(=.*)?\$" "$dir/page" || fail "crease-check.1 does not describe $option"
    ok; grep -q -e "'$option\|,$option\|$option\[" "$zsh" || fail "_crease: crease-check: no $option"
    [ -z "$has_bash" ] || { ok; words crease-check - | grep -qx -e "$option=\{0,1\}" || fail "bash: crease-check: no $option"; }
done <"$dir/options"

# completes WANTED WORD...: all that bash offers, in one line.
completes() {
    wanted=$1
    shift
    [ -n "$has_bash" ] || return 0
    got=$(words "$@" | sort | tr '\n' ' ')
    ok; [ "$got" = "$wanted" ] || fail "bash completes $* to $got, not to $wanted"
}
completes "certify compare convert count " crease c
completes "merge " crease-mpi me
completes "auto split walk " crease count --engine = ""
completes "split " crease count --engine s
completes "decimal float32 float64 " crease info --weights =
completes "--limit-memory= --limit-regions= --limit-seconds= " crease certify --lim
completes "maxout maxout-fold " crease make --inputs = 3 max
completes "data/max-min-2d.json " crease count --json data/max-min
completes "data/max-min-2d.json " crease count --slice = data/max-min
completes "data/max-min-2d.json " crease-check --box = 0:1 data/max-min
completes "scripts/slurm " crease merge scripts/s
completes " " crease count --box = ""
if command -v zsh >/dev/null; then
    ok; zsh -n "$zsh" || fail "_crease: zsh does not read it"
else
    echo "not run: the completion for zsh, there is no zsh"
fi

# check_page PROGRAM ARGS...: reads every page without a word.
check_page() {
    command -v "$1" >/dev/null || { echo "not run: $1 on the manual pages, there is none" && return; }
    for page in "$man"/*.1; do
        "$@" "$page" >"$dir/out" 2>"$dir/err"
        code=$?
        ok; [ $code -eq 0 ] || fail "$* ${page##*/}: exit code $code"
        ok; [ ! -s "$dir/err" ] || fail "$* ${page##*/}: $(cat "$dir/err")"
    done
}
check_page mandoc -T lint
check_page groff -man -Tutf8 -ww -z
[ -z "$more" ] || check_page man --warnings -l
[ -z "$more" ] || [ ! -s "$dir/out" ] || { ok; grep -q CREASE "$dir/out" || fail "man -l shows $(head -n 3 "$dir/out")"; }

build/tools/manual markdown doc/commands.md >"$dir/commands.md"
ok; cmp -s doc/commands.md "$dir/commands.md" || fail "doc/commands.md is old: make commands"

# The options of the user win over those of the script; env stands for mpirun.
for options in --progress=never ${more:+"" "--progress never"}; do
    # shellcheck disable=SC2086 # two words
    (cd "$dir/elsewhere" && MPIRUN=env CREASE_MPI=$prefix/bin/crease sh "$prefix/share/crease/slurm/mpi.sh" \
        "$OLDPWD/$net" --quiet $options) >"$dir/out" 2>"$dir/err"
    code=$?
    ok; [ "$code $(cat "$dir/out")" = "0 5" ] || fail "mpi.sh $options: exit code $code: $(cat "$dir/out" "$dir/err")"
    rm -f "$dir"/elsewhere/*
done

# ---- Uninstalling ----

make -s --no-print-directory uninstall PREFIX="$prefix" || die "make uninstall fails"
left=$(find "$prefix" ! -type d)
[ -z "$left" ] || die "left behind: $left"

# Staged as packages do it: files below DESTDIR that speak of PREFIX alone.
for place in /usr ${more:+/opt/crease /usr/local}; do
    make -s --no-print-directory install DESTDIR="$dir/stage" PREFIX="$place" || die "DESTDIR"
    grep -q "^prefix=$place\$" "$dir/stage$place/lib/pkgconfig/crease.pc" || die "crease.pc does not name the prefix"
    grep -q "^local root = \"$place\"\$" "$dir/stage$place/share/crease/slurm/crease.lua" ||
        die "crease.lua does not name the prefix"
    package=$(cd "$dir/stage" && find . -path "*/crease/__init__.py" | sed 's/^\.//')
    if [ $python = /usr/bin/python3 ] && [ "$place" != /opt/crease ]; then
        ok; $python -c 'import sys; sys.exit(sys.argv[1] not in sys.path)' "${package%/crease/*}" ||
            fail "PREFIX=$place: $python does not look for modules in ${package%/crease/*}"
    fi
    make -s --no-print-directory uninstall DESTDIR="$dir/stage" PREFIX="$place" || die "DESTDIR"
    [ -z "$(find "$dir/stage" ! -type d)" ] || die "left behind in DESTDIR"
done
finish
