/* Lists of regions that are kept: a checkpoint, as a sealed text (job/text.h), and the regions so
 * far in files beside it (job/records.h).  The checkpoint refers to these as they were when it was
 * written.  A list that goes on from there has every region once.
 *
 *   crease-list 1
 *   program ..., network ..., domain ..., part whole       as in job/checkpoint.h
 *   form WORD                       what is kept of a region
 *   records BYTES HEX               a line for each of the two files
 *   then from "engine" to the last path                    as in job/checkpoint.h */
#ifndef CREASE_JOB_LIST_H
#define CREASE_JOB_LIST_H

#include "api/visits.h"

#include <crease_jobs.h>

/* What is kept of a region, and what becomes of it. */
typedef struct {
    const char *form;            /* says the rest, in less than CREASE_LIST_FORM characters */
    crease_visited_write *write; /* a text, or NULL */
    bool batched;                /* in batches with these fields */
    unsigned fields;
    crease_visited_take *take; /* gets all regions when the list is complete */
    void *context;             /* of both */
} crease_list_plan;

enum { CREASE_LIST_FORM = 128 };

/* Sets form to the kind, such as "lines,sorted", and the names of the fields, bits
 * CREASE_WITH_... */
void crease_list_form(char form[static CREASE_LIST_FORM], const char *kind, unsigned fields);

/* Lists the regions, or goes on with a list.  When it is complete, they go to plan->take, in an
 * order that is not that of the search.  Checkpoints are as in crease_count_resumable. */
crease_status crease_list_run(const crease_network *network, const crease_domain *domain,
                              const crease_options *options, const crease_list_plan *plan,
                              const crease_checkpoint *checkpoint, crease_result *result,
                              crease_error *error);

#endif
