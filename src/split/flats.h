/* The number of regions of an arrangement of hyperplanes in R^n from its flats, of which those that
 * look alike are taken together.
 *
 * Let A be a set of hyperplanes in R^n, and L the set of R^n and all non-empty intersections X of
 * them, its flats, with X <= Y if Y lies in X.  Let mu(X) be the Moebius function of the interval
 * from R^n to X, a geometric lattice, in which the sign of mu(X) is (-1)^(codimension of X).  The
 * number of regions is the sum of |mu(X)| over L (Zaslavsky 1975; in Stanley, An Introduction to
 * Hyperplane Arrangements, theorem 2.5).
 *
 * Let |X| be the number of hyperplanes that contain X.  Let Y be a flat other than R^n, and H one
 * of the |Y| hyperplanes that contain it.  By Weisner's theorem (Stanley, corollary 3.9 and its
 * proof), |mu(Y)| is the sum of |mu(X)| over those flats X of one dimension more that contain Y but
 * do not lie in H.  With the mean over all H, each of these X counts for the |Y| - |X| hyperplanes
 * that contain Y and not X:
 *
 *   |mu(Y)| = sum over X of (|Y| - |X|) / |Y| |mu(X)|,    mu(R^n) = 1.
 *
 * So R^n has the weight 1, and each flat X passes its weight on to the flats Y of one dimension
 * less in it, times (|Y| - |X|) / |Y|.  These Y are the different traces on X of the hyperplanes
 * that do not contain X, and |Y| - |X| is how many hyperplanes have this trace.  Hence the sum of
 * the weights that come from X depends only on its weight, on |X|, and on the arrangement of traces
 * with their numbers, up to an affine bijection of X (split/flat.h).  Flats of one dimension that
 * agree in that become one, with the sum of their weights.  The weights are fractions; their sum is
 * the number of regions, and what was summed up so far is never more. */
#ifndef CREASE_SPLIT_FLATS_H
#define CREASE_SPLIT_FLATS_H

#include "search/search.h"

/* Counts the regions in this way if the model is an arrangement in R^n, n > 2, merging is not off,
 * the task has neither a keeper nor a tape, and there are so many regions and so few different
 * flats that it pays.  outcome->regions: if it was stopped, a lower bound; merged[0]: how many
 * flats there were, and how many of these were like others; no cells.  False: it does not pay, and
 * the outcome is not set. */
bool crease_flats_run(const crease_task *task, crease_outcome *outcome);

#endif
