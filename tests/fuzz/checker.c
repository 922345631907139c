/* The checker's files are compiled with other names for the functions that end the program,
 * allocate memory or open a file (see the Makefile).  This file defines these functions, and those
 * of src/check/base.c. */
#include "fuzz/checker.h"

#define main checker_main
#include "check/main.c"
#undef main

#include "fuzz/hooks.h"

#include <setjmp.h>
#include <stdarg.h>

/* A block of memory; its bytes follow. */
typedef struct block {
    struct block *before, *after;
} block;

struct checker_case {
    network net;
};

static block *blocks; /* of the run, or of what is kept */
static FILE *opened;
static jmp_buf end;
static checker_verdict verdict;

/* ---- In the place of base.c ---- */

void checker_exit(int status)
{
    verdict.status = status;
    longjmp(end, 1);
}

void base_stop(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(verdict.line, sizeof verdict.line, format, list);
    va_end(list);
    checker_exit(2);
}

int checker_print(FILE *file, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)file;
    int length = vsnprintf(verdict.line, sizeof verdict.line, format, list);
    va_end(list);
    return length;
}

static void unlink_block(block *b)
{
    *(b->before ? &b->before->after : &blocks) = b->after;
    if (b->after)
        b->after->before = b->before;
}

static block *block_of(void *memory)
{
    return memory ? (block *)memory - 1 : NULL;
}

static void *link_block(block *b)
{
    if (!b)
        abort();
    *b = (block){NULL, blocks};
    if (blocks)
        blocks->before = b;
    blocks = b;
    return b + 1;
}

static bool fits(size_t count, size_t size)
{
    return !size || count <= (SIZE_MAX - sizeof(block)) / size;
}

void *base_resize(void *old, size_t count, size_t size)
{
    block *b = block_of(old);
    if (b)
        unlink_block(b);
    return link_block(fits(count, size) ? realloc(b, sizeof *b + count * size) : NULL);
}

void checker_free(void *memory)
{
    block *b = block_of(memory);
    if (b)
        unlink_block(b);
    free(b);
}

char *checker_copy(const char *text)
{
    return strcpy(base_resize(NULL, strlen(text) + 1, 1), text);
}

void *base_allocate(size_t count, size_t size)
{
    return link_block(fits(count, size) ? calloc(1, sizeof(block) + count * size) : NULL);
}

mpz_ptr base_integers(mpz_ptr old, size_t had, size_t count)
{
    mpz_ptr z = base_resize(old, count, sizeof *z);
    for (size_t i = had; i < count; i++)
        mpz_init(z + i);
    return z;
}

void base_release(mpz_ptr z, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mpz_clear(z + i);
    checker_free(z);
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

static void gmp_free(void *memory, size_t size)
{
    (void)size;
    checker_free(memory);
}

void base_start(void)
{
    mp_set_memory_functions(gmp_allocate, gmp_resize, gmp_free);
}

FILE *checker_fopen(const char *path, const char *mode)
{
    return opened = fopen(path, mode);
}

int checker_fclose(FILE *file)
{
    opened = NULL;
    return fclose(file);
}

/* ---- Runs ---- */

static void close_run(void)
{
    if (opened)
        checker_fclose(opened);
    while (blocks)
        checker_free(blocks + 1);
    mp_set_memory_functions(NULL, NULL, NULL); /* those of GMP, for crease */
}

checker_verdict checker_network(const char *path, uint8_t digest[32])
{
    network net = {0};
    verdict = (checker_verdict){0, ""};
    base_start();
    if (!setjmp(end)) {
        network_read(&net, path);
        memcpy(digest, net.digest, 32);
    }
    close_run();
    return verdict;
}

checker_case *checker_open(const char *path, const char *box)
{
    static checker_case cases[64];
    static block *kept[64]; /* so that it is not lost */
    static size_t count;
    base_start();
    if (setjmp(end) || count == sizeof kept / sizeof *kept)
        abort();
    checker_case *from = &cases[count];
    network_read(&from->net, path);
    domain_read(&from->net, box, NULL);
    kept[count++] = blocks;
    blocks = NULL;
    close_run();
    return from;
}

checker_verdict checker_certificate(const checker_case *from, const char *path)
{
    network net = from->net;
    char name[64], *file[] = {name};
    snprintf(name, sizeof name, "%s", path);
    static checker c;
    c = (checker){.net = &net};
    verdict = (checker_verdict){0, ""};
    base_start();
    if (!setjmp(end)) {
        mpz_inits(c.total, c.claim, c.t, NULL);
        mpz_init_set_ui(c.one, 1);
        parts_open(&c, file, 1, false, false);
        prepare(&c);
        check_tree(&c);
    }
    close_run();
    return verdict;
}

void checker_head(const checker_case *from, uint64_t regions, uint8_t out[CHECKER_HEAD])
{
    memset(out, 0, CHECKER_HEAD);
    memcpy(out, "creasect\1", 9);
    memcpy(out + 16, from->net.digest, 32);
    memcpy(out + 48, from->net.domain, 32);
    for (int i = 0; i < 8; i++)
        out[CHECKER_HEAD - 1 - i] = (uint8_t)(regions >> 8 * i);
}

bool checker_wrong_number(const checker_verdict *v)
{
    return v->status == 1 && strstr(v->line, "REJECTED: the tree has ");
}
