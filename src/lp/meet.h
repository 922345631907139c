/* Does a set of rows meet in a cell?  What lp/boxed_meet.h and lp/cone_meet.h share. */
#ifndef CREASE_LP_MEET_H
#define CREASE_LP_MEET_H

#include <stddef.h>
#include <stdint.h>

enum { CREASE_MEET_ROWS = 64, CREASE_MEET_KEPT = 64 };

typedef enum {
    CREASE_MEET_DOUBT,
    CREASE_MEET_YES, /* and independent */
    CREASE_MEET_NO
} crease_meet;

/* Sets that meet, the last ones kept, each with n coordinates of a point near one where it does.
 * All zero at first. */
typedef struct {
    uint64_t set[CREASE_MEET_KEPT];
    double *point;
    size_t n, room, count; /* room: coordinates of each; count: of all that were added */
} crease_meet_points;

void crease_meet_points_begin(crease_meet_points *points, size_t n);
void crease_meet_points_add(crease_meet_points *points, uint64_t set, const double *point);
void crease_meet_points_free(crease_meet_points *points);

/* Sets point to the mean of those kept where as many rows of the set as possible are 0, nearly, or
 * to `inside` if there are none.  Returns these rows. */
uint64_t crease_meet_points_mean(const crease_meet_points *points, uint64_t set,
                                 const double *inside, double *point);

#endif
