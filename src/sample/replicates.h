/* Independent trials that differ in their random numbers only, made by several threads. */
#ifndef CREASE_SAMPLE_REPLICATES_H
#define CREASE_SAMPLE_REPLICATES_H

#include "sample/pilots.h"

/* Makes `count` replicates of about so many leaves each.  They are the same for any number of
 * threads.  Those that are finished already or not pilots->mine are left as they are; those that
 * were not made or not finished are marked so.  drawn: NULL, or one list for each replicate, where
 * it adds the regions that it draws. */
void crease_replicates_make(crease_pilots *pilots, double leaves, size_t count, crease_trial *trial,
                            crease_drawn *drawn);

#endif
