/* Many searches, one for each item of a list, that share threads, limits and progress. */
#ifndef CREASE_API_MANY_H
#define CREASE_API_MANY_H

#include "search/search.h"

/* What came of an item. */
typedef struct {
    uint64_t regions;
    bool complete;
    crease_stop stopped; /* of a search that is not complete */
} crease_many_found;

/* Does item i.  options: for its search, with the threads it may use and the time that is left.
 * The thread is interrupted when the whole run is to stop.  *found is all 0 before. */
typedef crease_status crease_many_item(void *context, size_t i, const crease_options *options,
                                       crease_many_found *found, crease_error *error);

/* Does all items, from several threads at once.  name: of an item, for messages.
 * options->limit_regions holds for each item, the other limits for all together.  Items after a
 * stop are left out.  Of result, complete, stopped, threads and seconds are set; complete: all
 * items are. */
crease_status crease_many_run(const crease_options *options, size_t count, const char *name,
                              crease_many_item *item, void *context, crease_result *result,
                              crease_error *error);

#endif
