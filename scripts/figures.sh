#!/bin/sh
# Makes the figures from nothing: networks, counts, bounds, pictures.
#
#   figures.sh [DIRECTORY]     default build/figures; doc/figures and data/figures keep some of them
#
# Those of the paper of 2014, with crease plot (doc/pictures.md):
#   regions.svg   the regions of a trained classifier
#   boundary.svg  the decision boundaries of 20 units in one layer and in two, on the same data
#   fold.svg      a network that folds the plane along both axes
#   oblique.svg   folds along other lines
#   abs.svg       two rectifiers that make an absolute value
#   zigzag.svg    four rectifiers that make a zigzag
#   maxout.svg    a maxout layer of rank 2 that folds the plane
#   space.svg     a box of three inputs, cut open
# Distributions over regions, with crease stats (doc/regions.md):
#   stats.svg     facets, neighbours, active units and volumes of the regions of a trained classifier
# Counts beside bounds, with crease compare (doc/bounds.md):
#   depth.svg     24 units on two inputs in 1 to 4 layers: folding networks, trained ones, random ones
#   training.svg  one of the trained networks on its way
#
# CREASE names the program (default build/crease), PYTHON a Python with numpy; without numpy the
# trained networks are left out.  Needs cairo (Debian: libcairo2-dev).
set -eu
case ${1:-} in -*)
    sed -n 's/^#   figures/figures/p' "$0" >&2
    exit 2
    ;;
esac
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

mkdir -p "$to"

# ---- What networks do to the plane ----

# figure NAME OPTION...: crease plot to NAME.svg
figure() {
    name=$1
    shift
    "$crease" plot --quiet -o "$to/$name.svg" "$@" >/dev/null
    echo "figures.sh: $to/$name.svg"
}

figure regions --box=-2:2 --color=class data/moons-2-16-16-2.json
cp data/fold-2d-4-4-4.json "$scratch/folds along both axes.json"
figure fold --fold --box=0:1 "$scratch/folds along both axes.json"
cat >"$scratch/oblique folds.json" <<'NETWORK'
{"comment": "a = |x + y| and b = |x - y|, then |a - b| and a + b, then three lines",
 "input": 2,
 "layers": [
   {"weight": [[1, 1], [-1, -1], [1, -1], [-1, 1]], "bias": [0, 0, 0, 0], "activation": "relu"},
   {"weight": [[1, 1, -1, -1], [-1, -1, 1, 1], [1, 1, 1, 1]], "bias": [0, 0, 0], "activation": "relu"},
   {"weight": [[1, 1, 0], [0, 0, 1], [2, 2, 1]], "bias": [-0.5, -1.25, -2.25], "activation": "relu"},
   {"weight": [[1, 1, 1]], "bias": [0], "activation": "linear"}]}
NETWORK
figure oblique --fold --box=-1:1 "$scratch/oblique folds.json"
"$crease" convert data/abs-1d.json "$scratch/two rectifiers.json" >/dev/null
figure abs --box=-1:1 "$scratch/two rectifiers.json"
"$crease" make zigzag --inputs 1 --widths 4 -o "$scratch/four rectifiers.json" >/dev/null
figure zigzag --box=0:1 "$scratch/four rectifiers.json"
"$crease" make maxout-fold --inputs 2 --widths 4,4 --maxout 2 -o "$scratch/maxout of rank 2.json" >/dev/null
figure maxout --fold --box=0:1 "$scratch/maxout of rank 2.json"
"$crease" make random --inputs 3 --widths 8,8 --seed 3 -o "$scratch/8 + 8 units.json" >/dev/null
figure space --box=-2:2 --color=active "$scratch/8 + 8 units.json"
"$crease" stats --box=-2:2 --volumes --plot="$to/stats.svg" data/moons-2-16-16-2.json >/dev/null
echo "figures.sh: $to/stats.svg"
if [ -n "$python" ]; then
    for widths_of in 20 10,10; do
        "$python" scripts/train_plane.py --widths $widths_of --steps 3000 --wave "$scratch/wave.npy" \
            --output "$scratch/wave-$widths_of-"
    done
    mv "$scratch/wave-20-3000.json" "$scratch/20 units in one layer.json"
    mv "$scratch/wave-10,10-3000.json" "$scratch/10 + 10 units.json"
    figure boundary --box=-1:1 --color=class --data="$scratch/wave.npy" \
        "$scratch/20 units in one layer.json" "$scratch/10 + 10 units.json"
fi

# ---- Counts and bounds ----

# Says at once if it cannot draw.
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
    echo "figures.sh: no numpy (Debian: python3-numpy), so no trained networks, boundary.svg and training.svg"
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
