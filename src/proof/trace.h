/* The nodes of a certificate, as bytes on a tape (src/check/FORMAT.md).
 *
 * Units are numbered through all layers that switch; the faces of a box come behind them. */
#ifndef CREASE_PROOF_TRACE_H
#define CREASE_PROOF_TRACE_H

#include "proof/tape.h"

#include <gmp.h>

/* What one worker writes. */
typedef struct {
    crease_tape *tape;
    crease_segment *segment;
    uint8_t *byte; /* the node at hand */
    size_t count, room;
    uint64_t nodes;
    uint64_t regions; /* that the nodes show */
    bool empty;       /* the next unit that is forced shows that the cell is empty */
} crease_trace;

/* A unit whose state is forced. */
typedef struct {
    size_t unit;
    bool positive;
} crease_forced;

void crease_trace_open(crease_trace *trace, crease_tape *tape, crease_segment *segment);
/* Adds the regions to those of the tape.  Not the segment. */
void crease_trace_close(crease_trace *trace);

/* The list of inputs that are kept, ascending; the first thing on a tape. */
void crease_trace_inputs(crease_trace *trace, const size_t *input, size_t count);

void crease_trace_split(crease_trace *trace, size_t unit);
/* unit: the first comparison of the group. */
void crease_trace_branch(crease_trace *trace, size_t unit, size_t candidates);
void crease_trace_cross(crease_trace *trace, size_t unit, size_t pivot);
void crease_trace_same(crease_trace *trace, size_t unit, size_t other);
/* regions: what the checker finds there. */
void crease_trace_count(crease_trace *trace, uint64_t regions);
void crease_trace_elsewhere(crease_trace *trace, size_t part);

/* support and forced must be ascending. */
void crease_trace_force(crease_trace *trace, const size_t *support, size_t supports,
                        const crease_forced *forced, size_t count);

/* The end of a cell that had a CROSS. */
void crease_trace_shown(crease_trace *trace);

/* The end of a cell with a point: its exponent, the numerators one by one, the end. */
void crease_trace_point(crease_trace *trace, long exponent);
void crease_trace_numerator(crease_trace *trace, int64_t numerator);
void crease_trace_big_numerator(crease_trace *trace, const mpz_t numerator);
void crease_trace_point_end(crease_trace *trace);

#endif
