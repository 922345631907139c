/* Does a set of rows meet in a cell?  What lp/boxed_meet.h and lp/cone_meet.h share. */
#ifndef CREASE_LP_MEET_H
#define CREASE_LP_MEET_H

#include <stddef.h>
#include <stdint.h>

enum { CREASE_MEET_ROWS = 64 };

typedef enum {
    CREASE_MEET_DOUBT,
    CREASE_MEET_YES, /* and independent */
    CREASE_MEET_NO
} crease_meet;

#endif
