/* A random part of the cell tree, and the estimate of the number of regions that it gives.
 *
 * The tree is that of the split engine (split/worker.h).  A cell is told how many leaves k it is to
 * have.  Its children, of guessed sizes s_i, get shares k s_i / (sum of all s) of them.  What is
 * behind the points is rounded up or down with one random number, so that the shares still sum to k
 * and each one is kept in the mean.  So child i is entered with the chance p_i = min(1, its share),
 * as that which gets no leaf is left out, and its weight is that of the cell over p_i.  The value
 * of a cell is the number of its regions where it is counted, and otherwise the sum of value / p_i
 * over the children that are entered.  By induction from the leaves the expectation of a value is
 * the number of regions in the cell: the sum of p_i (regions of child i) / p_i.  This holds for all
 * k, and all chances in (0, 1], that depend only on what was chosen before.
 *
 * Leaves are best where the regions are: a cell of weight w should have w (sum of all s) / goal of
 * them, where goal is the guess of all regions over the leaves wanted.  If k is not within a window
 * around this, within a factor, it is moved to its border.  An infinite window leaves k as it is:
 * then no error of the guesses makes a trial longer than planned, and with k = 1 it is Knuth's
 * dive.  A narrow one adds noise wherever the guess of a cell and those of its children differ.  As
 * long as a trial has neither a leaf nor another child to enter, k is at least 1; so a trial has at
 * least one leaf.
 *
 * The goal is doubled when a trial takes more work than its limit, and each time when it has taken
 * a quarter of the limit more; from three times the limit on it is multiplied by 4, 8 and so on.
 * As the work so far depends only on what was chosen before, the estimate remains unbiased.
 *
 * A trial that draws regions counts none: its leaves are single regions.  With a leaf of weight w
 * the region is drawn with the weight w.  The expectation of the weight that a region is drawn
 * with, 0 if it is not drawn, is 1, as it is the estimate of a tree in which this region alone
 * counts.
 *
 * Weight windows: Kahn, Use of different Monte Carlo sampling techniques (1956); Booth and
 * Hendricks, Importance estimation in forward Monte Carlo calculations (1984).  Random choices in
 * trees: Knuth (1975), Chen, Heuristic sampling (1992). */
#ifndef CREASE_SAMPLE_TREE_H
#define CREASE_SAMPLE_TREE_H

#include "cells/most.h"
#include "sample/drawn.h"
#include "sample/guesses.h"
#include "search/search.h"

/* What a trial proves.  Every region lies in a leaf, where it is counted, or in a cell that is not
 * entered.  Such a cell is not empty, and has no more regions than its bound (cells/most.h).  So
 * there are at least as many regions as are counted and as there are such cells together, and at
 * most as many as are counted and as the bounds of these cells allow.  Orthants that are not
 * entered count for the upper bound only. */
typedef struct {
    const crease_most *most; /* bounds of cells */
    uint64_t lower;
    mpz_t upper;
} crease_trial_proof;

/* What a trial is told. */
typedef struct {
    const crease_guesses *guesses;
    crease_guesses *learn; /* what the trial finds out is added here; NULL: nothing is */
    double whole;          /* guess of all regions, for the choice of an orthant */
    double parts;          /* leaves wanted; the goal is the guess of all regions over this */
    double limit;          /* of the work, in cells */
    double window;         /* at least 1 */
    bool every;            /* every cell is entered */
    uint64_t seed;
    crease_drawn *drawn;       /* NULL, or the trial draws regions, and adds them here */
    crease_trial_proof *proof; /* NULL, or the bounds are set, which takes some time */
} crease_trial_plan;

/* What it found. */
typedef struct {
    double value;   /* the estimate: the sum of the weights of the leaves' regions */
    double largest; /* the largest share that one leaf has in it, as regions */
    double work;    /* visited cells, and a little for each region that was counted */
    uint64_t leaves;
    uint64_t regions; /* that were counted, each one once */
    bool all;         /* every chance was 1: value is the number of regions */
    bool finished;    /* otherwise it was interrupted, and the value is of no use */
} crease_trial;

/* The working state of one thread. */
typedef struct crease_tree crease_tree;

crease_tree *crease_tree_new(const crease_task *task);
void crease_tree_free(crease_tree *tree, crease_tally *sum); /* adds what it did to sum */

/* Depth of the recursion of crease_tree_try (base/stack.h). */
size_t crease_tree_depth(const crease_model *model);

void crease_tree_try(crease_tree *tree, const crease_trial_plan *plan, crease_trial *trial);

#endif
