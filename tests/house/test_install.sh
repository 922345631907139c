#!/bin/sh
# Installs into a directory of its own, builds the C program of doc/c.md against it with the
# shared and the static library, and uninstalls.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/shell.sh

# The mode and flags of an outer make do not belong here.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MODE BUILD
prefix=$dir/prefix
net=data/max-min-2d.json
make -s --no-print-directory install PREFIX="$prefix" || die "make install fails"
for file in bin/crease include/crease.h lib/libcrease.a lib/libcrease.so lib/pkgconfig/crease.pc \
    share/man/man1/crease.1; do
    [ -s "$prefix/$file" ] || die "$file is not installed"
done
[ "$("$prefix/bin/crease" count --quiet $net)" = 5 ] || die "the installed program does not count 5"

# shellcheck disable=SC2016 # no expansion is meant
sed -n '/^```c$/,/^```$/p' doc/c.md | sed '/^```/d' >"$dir/regions.c"
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

make -s --no-print-directory uninstall PREFIX="$prefix" || die "make uninstall fails"
left=$(find "$prefix" ! -type d)
[ -z "$left" ] || die "left behind: $left"

# Staged as packages do it: files below DESTDIR that speak of PREFIX alone.
make -s --no-print-directory install DESTDIR="$dir/stage" PREFIX=/opt/crease || die "DESTDIR"
grep -q '^prefix=/opt/crease$' "$dir/stage/opt/crease/lib/pkgconfig/crease.pc" ||
    die "crease.pc does not name the prefix"
make -s --no-print-directory uninstall DESTDIR="$dir/stage" PREFIX=/opt/crease || die "DESTDIR"
[ -z "$(find "$dir/stage" ! -type d)" ] || die "left behind in DESTDIR"
echo "test_install: passed"
