/* Writing the nodes of a certificate to a tape (src/check/FORMAT.md).
 *
 * Units are numbered consecutively through all layers that switch.  The faces of the domain have
 * the numbers after them. */
#ifndef CREASE_PROOF_TRACE_H
#define CREASE_PROOF_TRACE_H

#include "base/whole.h"
#include "proof/tape.h"

#include <gmp.h>

/* The output of one worker. */
typedef struct {
    crease_tape *tape;
    crease_segment *segment;
    uint8_t *byte; /* the last nodes, which are not on the tape yet */
    size_t count, room;
    uint64_t nodes;
    crease_whole regions; /* that these nodes prove */
    bool empty;           /* the next FORCE shows that the cell is empty */
    const size_t *meet;   /* of a MEET of which the point comes next, otherwise ... */
    size_t meets;         /* 0 */
    bool likeness;        /* a LIKE is being written, with a point in it */
    bool held;            /* the bytes of whole nodes wait */
    unsigned tag_bits;    /* of the first number of a node */
} crease_trace;

/* A unit whose state is forced. */
typedef struct {
    size_t unit;
    bool positive;
} crease_forced;

void crease_trace_open(crease_trace *trace, crease_tape *tape, crease_segment *segment);
/* Closes the segment and goes on in another, which may be NULL: then there must be no node before
 * the segment is set. */
void crease_trace_turn(crease_trace *trace, crease_segment *next);
/* Adds the regions to those of the tape, and frees the trace.  Does not close the segment. */
void crease_trace_close(crease_trace *trace);

/* Until the matching call of crease_trace_go_on, nodes wait. */
void crease_trace_hold(crease_trace *trace);
/* Lets the nodes go that wait, or forgets them if they were written in vain.  before: the trace as
 * it was held. */
void crease_trace_go_on(crease_trace *trace, const crease_trace *before, bool in_vain);

/* The inputs that are kept, ascending.  This is the first item on a tape. */
void crease_trace_inputs(crease_trace *trace, const size_t *input, size_t count);

void crease_trace_split(crease_trace *trace, size_t unit);
/* unit: the first comparison of the group. */
void crease_trace_branch(crease_trace *trace, size_t unit, size_t candidates);
void crease_trace_cross(crease_trace *trace, size_t unit, size_t pivot);
void crease_trace_same(crease_trace *trace, size_t unit, size_t other);
/* regions: the number that the checker will count. */
void crease_trace_count(crease_trace *trace, uint64_t regions);
void crease_trace_elsewhere(crease_trace *trace, size_t part);

/* Brings numbers into ascending order; best for few. */
static inline void crease_trace_sort(size_t *number, size_t count)
{
    enum { FEW = 16 };
    size_t sorted[FEW];
    if (count > FEW) { /* those with many are rare */
        for (size_t i = 1; i < count; i++)
            for (size_t k = i; k > 0 && number[k - 1] > number[k]; k--) {
                size_t swap = number[k];
                number[k] = number[k - 1];
                number[k - 1] = swap;
            }
        return;
    }
    /* Without branches, which would be hard to predict. */
    for (size_t i = 0; i < count; i++) {
        size_t place = 0;
        for (size_t k = 0; k < count; k++)
            place += (number[k] < number[i]) | ((number[k] == number[i]) & (k < i));
        sorted[place] = number[i];
    }
    for (size_t i = 0; i < count; i++)
        number[i] = sorted[i];
}

/* support and forced must be ascending. */
void crease_trace_force(crease_trace *trace, const size_t *support, size_t supports,
                        const crease_forced *forced, size_t count);

/* The bytes of a list as it is written: *bytes of them.  False if they are more than room. */
bool crease_trace_list_bytes(const size_t *number, size_t count, uint8_t *byte, size_t room,
                             size_t *bytes);

/* A FORCE of the units of a set of `words` words, of which the first has this number; positive: a
 * set that holds those with state 1; list: the bytes of the support. */
void crease_trace_force_set(crease_trace *trace, const uint8_t *list, size_t bytes, size_t first,
                            const uint64_t *units, const uint64_t *positive, size_t words);

/* Of version 2.  numbers: those of bounds.  A LIKE is begun, then come a point, whole numbers and
 * lists, and it is ended with the regions of the cell. */
void crease_trace_drop(crease_trace *trace, size_t entry, const size_t *number, size_t count);
void crease_trace_name(crease_trace *trace, size_t number);
void crease_trace_like(crease_trace *trace, size_t number);
void crease_trace_list(crease_trace *trace, const size_t *number, size_t count);
void crease_trace_whole(crease_trace *trace, size_t value);
void crease_trace_like_end(crease_trace *trace, const crease_whole *regions);

/* The next point is that of a MEET, solved for these coordinates, ascending; they must live until
 * then.  count: from 1 to 63. */
void crease_trace_meet(crease_trace *trace, const size_t *coordinate, size_t count);

/* The leaf of a cell, with a point of it: the exponent, the numerators in turn, the end. */
void crease_trace_point(crease_trace *trace, long exponent);
void crease_trace_numerator(crease_trace *trace, int64_t numerator);
void crease_trace_numerators(crease_trace *trace, const int64_t *numerator, size_t count);
void crease_trace_big_numerator(crease_trace *trace, const mpz_t numerator);
void crease_trace_point_end(crease_trace *trace);

#endif
