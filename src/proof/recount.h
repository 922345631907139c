/* A second count for the nodes COUNT of a certificate, whose regions the checker counts by itself.
 * It does not use src/cells/restriction.c, which made the first count.
 *
 * In a cell.  The number depends on two things: which rows cut the cell and its subspaces, and
 * which of these rows meet a subspace in the same set.  The first is known from the signs at the
 * rays of the cell, which are proved.  The second is decided here without floating point.  A
 * subspace is given by equations.  Solve each of them for one coordinate, its pivot, and
 * substitute.  Two rows meet the subspace in the same set iff they are proportional after that.
 * This is computed modulo the prime p = 2^61 - 1 from the integers of the network.  Rows that are
 * not proportional modulo p are not proportional; the converse may fail if p divides a minor that
 * is not 0.  So if the numbers agree with the first count, that count has never taken different
 * sets for equal ones, and has taken equal sets for different ones only where residues agree with
 * it.  If a number differs, there is a doubt, and integers decide.
 *
 * In R^n.  Deletion and restriction in integers, which shares no code with the first count. */
#ifndef CREASE_PROOF_RECOUNT_H
#define CREASE_PROOF_RECOUNT_H

#include "base/monitor.h"
#include "proof/witnesses.h"

typedef struct {
    crease_map *map;
    size_t d;
    size_t within; /* a unit that vanishes besides those of the subspace, or SIZE_MAX */
    bool doubt;    /* did a number differ? */
    size_t equations;
    size_t *pivot;      /* of each equation */
    uint64_t *equation; /* d entries each, modulo the prime */
    uint64_t *row;      /* work space: rows of the current comparison */
} crease_recount;

void crease_recount_open(crease_recount *recount, const crease_model *model);
void crease_recount_close(crease_recount *recount);

/* Begins a node: clears doubt, and makes the crossings of the subspace the equations. */
void crease_recount_begin(crease_recount *recount, crease_map *map,
                          const crease_subspace *subspace);

/* Sets doubt unless the units in the set, of `words` words, meet the subspace in `places` different
 * sets. */
void crease_recount_expect(crease_recount *recount, const uint64_t *set, size_t words,
                           uint64_t places);

/* The number of regions of R^n for the units of the model's only layer.  counted: the first count,
 * which is reported to the monitor as progress.  The monitor may stop the computation. */
uint64_t crease_recount_space(const crease_model *model, crease_monitor *monitor, int threads,
                              uint64_t counted);

#endif
