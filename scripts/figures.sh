#!/bin/sh
# Makes the figures from nothing: networks, counts, bounds, pictures.
#
#   figures.sh [DIRECTORY]     default build/figures; data/figures keeps the one of doc/bounds.md
#
#   depth.svg     24 units on two inputs in 1 to 4 layers: folding networks, trained ones, random ones
#   training.svg  one of the trained networks on its way
#
# CREASE names the program (default build/crease), PYTHON a Python with numpy; without numpy the
# trained networks are left out.  Needs gnuplot (Debian: gnuplot-nox).
set -eu
cd "$(dirname "$0")/.."
crease=${CREASE:-build/crease}
to=${1:-build/figures}
seeds="1 2 3 4 5"
widths="24 12,12 8,8,8 6,6,6,6"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

python=
for candidate in ${PYTHON:-python3 /usr/bin/python3}; do
    if "$candidate" -c 'import numpy' 2>/dev/null; then
        python=$candidate
        break
    fi
done

# Says at once if it cannot draw.
mkdir -p "$to"
"$crease" make generic --inputs 1 --widths 2 -o "$scratch/try.json" >/dev/null
"$crease" compare --plot "$scratch/try.svg" "$scratch/try.json" >/dev/null

depth=0
for layers in $widths; do
    depth=$((depth + 1))
    "$crease" make fold --inputs 2 --widths "$layers" -o "$scratch/fold-$depth.json" >/dev/null
    for seed in $seeds; do
        "$crease" make random --inputs 2 --widths "$layers" --seed "$seed" \
            -o "$scratch/random-$depth-$seed.json" >/dev/null
        [ -z "$python" ] || "$python" scripts/train_plane.py --widths "$layers" --seed "$seed" \
            --output "$scratch/trained-$depth-$seed-"
    done
done

set -- --series "folding networks of 2014" "$scratch"/fold-*.json
if [ -n "$python" ]; then
    set -- "$@" --series "trained" "$scratch"/trained-*.json
else
    echo "figures.sh: no numpy (Debian: python3-numpy), so no trained networks and no training.svg"
fi
"$crease" compare --x depth --plot "$to/depth.svg" "$@" --series "random weights" "$scratch"/random-*.json
echo "figures.sh: $to/depth.svg"

if [ -n "$python" ]; then
    steps=0,20,50,100,200,500,1000,1500,2000,3000,4000
    "$python" scripts/train_plane.py --widths 12,12 --steps $steps --output "$scratch/step-"
    set --
    for step in $(echo $steps | tr , ' '); do
        set -- "$@" "$scratch/step-$step.json"
    done
    "$crease" compare --plot "$to/training.svg" "$@"
    echo "figures.sh: $to/training.svg"
fi
