/* The end of the program, and memory. */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void base_stop(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("crease-check: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    exit(2);
}

void *base_resize(void *old, size_t count, size_t size)
{
    void *memory = size && count > SIZE_MAX / size ? NULL : realloc(old, count * size + 1);
    if (!memory)
        base_stop("out of memory");
    return memory;
}

void *base_allocate(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (!memory)
        base_stop("out of memory");
    return memory;
}

void base_release(mpz_ptr z, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mpz_clear(z + i);
    free(z);
}

mpz_ptr base_integers(mpz_ptr old, size_t had, size_t count)
{
    mpz_ptr z = base_resize(old, count, sizeof *z);
    for (size_t i = had; i < count; i++)
        mpz_init(z + i);
    return z;
}

static void *gmp_allocate(size_t size)
{
    return base_resize(NULL, size, 1);
}

static void *gmp_resize(void *old, size_t old_size, size_t size)
{
    (void)old_size;
    return base_resize(old, size, 1);
}

void base_start(void)
{
    mp_set_memory_functions(gmp_allocate, gmp_resize, NULL); /* released by free */
}
