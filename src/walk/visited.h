/* The set of visited patterns, shared by all workers.
 *
 * Patterns lie in chunks that never move; a table of 32-bit indices per shard finds them.
 * Shards have locks of their own and grow one by one, so a thread waits at most
 * while a small part of the set is rehashed.  The full pattern is compared, never only its
 * hash.  All functions may be called by any thread. */
#ifndef CREASE_WALK_VISITED_H
#define CREASE_WALK_VISITED_H

#include "search/state.h"

typedef struct crease_visited crease_visited;

/* bytes: length of a packed pattern. */
crease_visited *crease_visited_new(size_t bytes);
void crease_visited_free(crease_visited *set);

/* True if the pattern was not in the set.  *handle is its number, which never changes; handles are
 * 0, 1, 2, ... with few gaps. */
bool crease_visited_insert(crease_visited *set, const uint8_t *pattern, uint64_t *handle);

/* Is the pattern in the set?  If so, *handle is its number. */
bool crease_visited_find(crease_visited *set, const uint8_t *pattern, uint64_t *handle);
void crease_visited_get(crease_visited *set, uint64_t handle, uint8_t *pattern);

/* Says that all neighbours of the pattern are in the set. */
void crease_visited_finish(crease_visited *set, uint64_t handle);

/* A snapshot of the set, taken while others go on inserting and finishing.  It refers to the
 * patterns of the set; the caller frees the rest with crease_visited_cut_free. */
crease_patterns crease_visited_cut(crease_visited *set);
void crease_visited_cut_free(crease_patterns *cut);

/* All patterns, one after the other, in no particular order; out has room for them.  Nobody
 * may insert at the same time. */
void crease_visited_all(const crease_visited *set, uint8_t *out);

uint64_t crease_visited_count(const crease_visited *set);

/* Memory held, in bytes. */
uint64_t crease_visited_memory(crease_visited *set);

#endif
