/* A second count of what the checker counts by itself, the nodes COUNT of a certificate, by other means
 * than src/cells/restriction.c, for the number that the tree proves.
 *
 * In a cell: which rows cut it and its flats is taken from the signs at its rays, which are proved; which of
 * these rows meet a flat in the same place, the only other thing that the number depends on, is decided
 * without floating point.  Two rows meet the flat where some equations hold in one place iff they are
 * proportional once the equations are solved for a coordinate each.  This is computed modulo the
 * prime 2^61 - 1 from the integers of the network.  What differs modulo the prime differs; what agrees
 * may differ (where the prime divides a determinant that is not 0).  So if the numbers are those of
 * the count, the count has not taken different places for one; it may have taken one place for two only
 * where the prime says so too.  Any other outcome is a doubt, and then integers decide.
 *
 * In all of R^n, deletion and restriction in integers, which shares nothing with the count. */
#ifndef CREASE_PROOF_RECOUNT_H
#define CREASE_PROOF_RECOUNT_H

#include "base/monitor.h"
#include "proof/witnesses.h"

typedef struct {
    crease_map *map;
    size_t d;
    size_t
        within; /* the unit whose zeros the count is within, beside those of the flat; or SIZE_MAX */
    bool doubt; /* did a number differ? */
    size_t equations;
    size_t *pivot;      /* of each equation */
    uint64_t *equation; /* d entries each, modulo the prime */
    uint64_t *row;      /* scratch: the rows at hand */
} crease_recount;

void crease_recount_open(crease_recount *recount, const crease_model *model);
void crease_recount_close(crease_recount *recount);

/* Begins a node, without doubt: the equations are the crossings of the flat. */
void crease_recount_begin(crease_recount *recount, crease_map *map, const crease_flat *flat);

/* Do the units in the set, words long, meet the flat in so many different places?  If not, there is a
 * doubt. */
void crease_recount_expect(crease_recount *recount, const uint64_t *set, size_t words,
                           uint64_t places);

/* The regions of R^n under the units of the model's only layer.  The monitor, which may stop it, is told the
 * number that was counted. */
uint64_t crease_recount_space(const crease_model *model, crease_monitor *monitor, int threads,
                              uint64_t counted);

#endif
