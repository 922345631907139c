/* The results of the jobs in a directory (crease_job_count), as they are found there. */
#ifndef CREASE_JOB_RESULTS_H
#define CREASE_JOB_RESULTS_H

#include "job/shard.h"

#include <gmp.h>

typedef enum {
    CREASE_RESULT_MISSING,
    CREASE_RESULT_COMPLETE,
    CREASE_RESULT_INCOMPLETE,
    CREASE_RESULT_DUPLICATE
} crease_result_fate;

/* The result of one job; of a duplicate, the first that was found. */
typedef struct {
    crease_result_fate fate;
    mpz_t regions;
    double seconds;
    crease_decisions decisions; /* without times */
} crease_job_result;

typedef struct {
    crease_trunk trunk;
    crease_job_result *job; /* trunk.jobs of them */
    crease_text foreign;    /* names of the first results that are damaged or do not belong here */
    size_t foreigners;
} crease_results;

/* At most so many names are in foreign. */
enum { CREASE_RESULTS_SHOWN = 8 };

/* Reads the trunk and all files that end in ".result".  What is wrong with a result is no error. */
crease_status crease_results_read(const char *directory, crease_results *results,
                                  crease_error *error);
void crease_results_free(crease_results *results);

#endif
