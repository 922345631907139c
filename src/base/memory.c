#include "base/memory.h"

#include "base/status.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *check(void *block)
{
    if (!block)
        crease_fatal("out of memory");
    return block;
}

void *crease_alloc(size_t count, size_t size)
{
    return check(calloc(count ? count : 1, size));
}

void *crease_realloc(void *block, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        crease_fatal("out of memory");
    size_t bytes = count * size;
    return check(realloc(block, bytes ? bytes : 1));
}

void *crease_alloc_unset(size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - 64) / size)
        crease_fatal("out of memory");
    size_t bytes = (count * size + 63) / 64 * 64;
    return check(aligned_alloc(64, bytes ? bytes : 64));
}

void *crease_alloc_aligned(size_t count, size_t size)
{
    void *block = crease_alloc_unset(count, size);
    memset(block, 0, (count * size + 63) / 64 * 64);
    return block;
}
