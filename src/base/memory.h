/* Allocation that does not fail: without memory the fatal hook is called.  Blocks are freed with
 * free(). */
#ifndef CREASE_BASE_MEMORY_H
#define CREASE_BASE_MEMORY_H

#include <stddef.h>

/* count objects of size bytes, zeroed; never NULL, also for count 0. */
void *crease_alloc(size_t count, size_t size);

/* Grows or shrinks a block of crease_alloc; new bytes are not zeroed. */
void *crease_realloc(void *block, size_t count, size_t size);

/* A zeroed block aligned to 64 bytes. */
void *crease_alloc_aligned(size_t count, size_t size);

/* The same, not zeroed: pages that are never written to take no memory. */
void *crease_alloc_unset(size_t count, size_t size);

#endif
