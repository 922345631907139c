/* The regions of a list that is kept (job/list.h), as records in two files beside its checkpoint:
 * PATH.records-0 and PATH.records-1.
 *
 *   crease-records 1 little|big     the order of bytes
 *   then for each group of regions  TEXT BATCH (64-bit lengths), the text and the batch
 *                                   (regions/batch_bytes.h)
 *
 * Why there are two: workers take part in a state one after the other, and those that have done so
 * go on.  A worker writes to file t modulo 2 after it has taken part in t states.  So when all have
 * taken part in state t + 1, one file has only what belongs to this state, and the other one has
 * had, since the state before, only what does not.  A state refers to each file by a mark: how many
 * bytes of it belong to the state, and their digest.  What follows is cut off when the list goes on
 * from there. */
#ifndef CREASE_JOB_RECORDS_H
#define CREASE_JOB_RECORDS_H

#include "api/visits.h"

#include <crease.h>

typedef struct {
    uint64_t bytes;
    char digest[65]; /* SHA-256, hexadecimal */
} crease_record_mark;

typedef struct crease_records crease_records;

/* The files beside the checkpoint `path`.  mark: go on after two such marks in the files beside
 * `from`, which may be `path`; NULL: begin.  An error if they are not as the marks say, if other
 * files would be replaced, or if another process writes here.  The caller gives *records to
 * crease_records_close. */
crease_status crease_records_open(const char *path, const char *from,
                                  const crease_record_mark *mark, crease_records **records,
                                  crease_error *error);
void crease_records_close(crease_records *records);

/* Appends to file 0 or 1.  False if it cannot be written; then no more can be.  One thread at a
 * time. */
bool crease_records_add(crease_records *records, unsigned file, const crease_visited_group *group);

/* Sets the mark to the end of the file, when all before it is on disk.  False: it cannot be
 * written. */
bool crease_records_mark(crease_records *records, unsigned file, crease_record_mark *mark);

/* The error of crease_records_add or crease_records_mark. */
crease_status crease_records_failure(const crease_records *records, crease_error *error);

/* Passes all groups on.  An error if the files are not those that were written.  It may come after
 * some groups; what was made of them is to be thrown away.  It ends early, without an error, if
 * take returns false. */
crease_status crease_records_read(crease_records *records, crease_visited_take *take, void *context,
                                  crease_error *error);

#endif
