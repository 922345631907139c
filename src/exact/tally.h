/* Counters of decisions and how they were made.  Each worker has its own; they are added up at the
 * end. */
#ifndef CREASE_EXACT_TALLY_H
#define CREASE_EXACT_TALLY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t filter;  /* decisions proved in floating point */
    uint64_t exact;   /* decisions made in integers */
    uint64_t lp;      /* LPs solved */
    uint64_t pool;    /* decisions made by an interior point that was already known */
    uint64_t rays;    /* extreme rays computed */
    uint64_t refined; /* of these, recomputed in floating point from their active sets */
    uint64_t exact_ticks;
    uint64_t proof_ticks; /* of proofs in floating point and in integers */
    bool too_many;        /* a sum of regions overflowed: the count fails */
} crease_tally;

static inline void crease_tally_add(crease_tally *sum, const crease_tally *part)
{
    sum->filter += part->filter;
    sum->exact += part->exact;
    sum->lp += part->lp;
    sum->pool += part->pool;
    sum->rays += part->rays;
    sum->refined += part->refined;
    sum->exact_ticks += part->exact_ticks;
    sum->proof_ticks += part->proof_ticks;
    sum->too_many = sum->too_many || part->too_many;
}

#endif
