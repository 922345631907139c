/* For units that keep one sign on a ray cell: the vertices of the cell where they are least.
 *
 * Let unit u have the row g, and let s = 1 or -1 be its sign on the cell.  At a vertex (v, v_d), s
 * times the function of u is a / v_d, a = s g.v >= 0.  With a known within b, and v_d within err,
 *
 *   a / v_d is known within (b + |a / v_d| err) / (v_d - err).
 *
 * So a unit is least at a vertex for sure if its largest possible value there is below its smallest
 * possible value at all others.
 *
 * With x = a / v_d and b = bound one + slope err + tiny (exact/signs.h), the error at every vertex
 * is at most E + |x| F, where E is bound, slope and 1 times the largest one, the largest err and
 * the largest tiny, F the largest err, all over the least v_d - err.  As F < 1, x - |x| F grows
 * with x.  So if m is the least x and n the least at other vertices, it suffices that m + E + |m| F
 * < n - E - |n| F.  Where it does not suffice, each vertex has its own error. */
#ifndef CREASE_PROOF_SURVEY_H
#define CREASE_PROOF_SURVEY_H

#include "dd/rays.h"

/* Arrays by unit, set in the blocks of 8 units that have one of those asked for. */
typedef struct {
    const crease_rays *rays;
    const uint64_t *units; /* those asked for */
    const uint64_t
        *positive;         /* those of them that are positive on the cell, and it may be others */
    size_t blocks, *block; /* the first units of the blocks */
    int64_t *vertex;       /* its index, or -1 */
    int64_t *sure; /* -1 if it is proved that the unit is less there than at all others, or 0 */
} crease_survey;

/* Begins a survey of the set of units, none of which cuts the cell.  It lies in the arena of the
 * rays, and refers to the sets. */
crease_survey crease_survey_new(const crease_rays *rays, const uint64_t *units,
                                const uint64_t *positive);

/* Looks at the vertices, where v_d > 0. */
void crease_survey_look(crease_survey *survey, crease_ray *const *ray, size_t count);

/* Of the units in a set, those that are sure.  word: of units 64 word, ..., 64 word + 63 in the
 * set. */
uint64_t crease_survey_settled(const crease_survey *survey, size_t word, uint64_t units);

#endif
