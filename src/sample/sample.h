/* Estimates by random parts of the cell tree (sample/tree.h): pilots, then replicates. */
#ifndef CREASE_SAMPLE_SAMPLE_H
#define CREASE_SAMPLE_SAMPLE_H

#include "search/search.h"

/* Makes the estimation of task->keeper.  outcome->regions: the regions that one trial counted. */
void crease_sample_run(const crease_task *task, crease_outcome *outcome);

/* The estimation of a domain that is one region. */
void crease_sample_single(const crease_task *task);

#endif
