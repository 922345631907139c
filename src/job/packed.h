/* States (search/state.h) as sequences of 64-bit words, to be sent. */
#ifndef CREASE_JOB_PACKED_H
#define CREASE_JOB_PACKED_H

#include "search/state.h"

/* How many words crease_packed_write writes. */
size_t crease_packed_words(const crease_state *state);
void crease_packed_write(const crease_state *state, uint64_t *word);

/* Reads count words.  False, with nothing open in the state, unless they are as crease_packed_write
 * writes them: no count in them leads beyond the end or leaves words over.  Whether the paths are
 * those of a tree is checked by the search.  state->open is the caller's to clear. */
bool crease_packed_read(const uint64_t *word, size_t count, crease_state *state);

#endif
