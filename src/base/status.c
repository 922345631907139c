#include "base/status.h"

#include <gmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Counts and sizes are handed to GMP as unsigned long. */
_Static_assert(sizeof(unsigned long) >= sizeof(uint64_t) && sizeof(size_t) <= sizeof(unsigned long),
               "unsigned long has 64 bits");

static void default_fatal(const char *line)
{
    fprintf(stderr, "crease: %s\n", line);
}

static void (*fatal_hook)(const char *line) = default_fatal;

void crease_fatal(const char *line)
{
    fatal_hook(line);
    abort();
}

static void *check(void *block)
{
    if (!block)
        crease_fatal("out of memory");
    return block;
}

static void *gmp_alloc(size_t bytes)
{
    return check(malloc(bytes));
}

static void *gmp_realloc(void *block, size_t old, size_t bytes)
{
    (void)old;
    return check(realloc(block, bytes));
}

static void gmp_release(void *block, size_t bytes)
{
    (void)bytes;
    free(block);
}

/* GMP's own functions are malloc, realloc and free as well, and end the program with a line: blocks
 * of either kind go with the other, and only a handler makes a difference. */
static void guard_gmp(bool wanted)
{
    void *(*now)(size_t), *(*standard)(size_t), *(*grow)(void *, size_t, size_t);
    void (*release)(void *, size_t);
    mp_get_memory_functions(&now, &grow, &release);
    mp_set_memory_functions(NULL, NULL, NULL);
    mp_get_memory_functions(&standard, NULL, NULL);
    if (now != standard && now != gmp_alloc)
        mp_set_memory_functions(now, grow, release);
    else if (wanted)
        mp_set_memory_functions(gmp_alloc, gmp_realloc, gmp_release);
}

void crease_set_fatal(void (*handler)(const char *line))
{
    fatal_hook = handler ? handler : default_fatal;
    guard_gmp(handler);
}

crease_status crease_fail(crease_error *error, crease_status status, const char *format, ...)
{
    if (error) {
        va_list list;
        va_start(list, format);
        vsnprintf(error->text, sizeof error->text, format, list);
        va_end(list);
        for (char *c = error->text; *c; c++)
            if ((unsigned char)*c < 32)
                *c = ' ';
    }
    return status;
}
