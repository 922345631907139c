/* Verdicts: what was verified of a certificate in parts, some parts at a time (FORMAT.md).
 *
 * THEOREM. If a verdict is printed, the network has exactly as many regions outside of the trunk's
 * parts, and in each part that has a line, as it says. So the sum over all parts, of verdicts on
 * one network, domain and trunk, is the number of regions. */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void verdict_write(checker *c)
{
    char text[65];
    uint8_t digest[32];
    printf("crease-verdict 1\nnetwork %s\n", sha256_hex(c->net->digest, text));
    printf("domain %s\n", sha256_hex(c->net->domain, text));
    stream_digest(c->trunk, digest);
    printf("trunk %s\n", sha256_hex(digest, text));
    gmp_printf("parts %llu\nregions %Zd\n", (unsigned long long)c->parts_of, c->total);
    for (size_t i = 0; i < c->parts; i++)
        gmp_printf("part %llu %Zd\n", (unsigned long long)c->part[i].number, c->part[i].total);
    puts("end");
}

typedef struct {
    const char *path;
    FILE *file;
    char word[100];
} reader;

static bool next(reader *r)
{
    r->word[0] = '\0';
    bool more = fscanf(r->file, "%99s", r->word) == 1;
    if (ferror(r->file))
        base_stop("%s: %s", r->path, strerror(errno));
    return more;
}

/* The next word must be this one. */
static void need(reader *r, const char *word)
{
    next(r);
    if (strcmp(r->word, word))
        base_stop("%s: \"%s\" instead of \"%s\"", r->path, r->word, word);
}

/* The next word must be the same in all verdicts. */
static void need_same(reader *r, const char *name, char *word)
{
    need(r, name);
    if (*word)
        need(r, word);
    else if (next(r))
        strcpy(word, r->word);
}

static void integer(const char *path, const char *word, mpz_ptr value)
{
    if (!*word || strspn(word, "0123456789") != strlen(word))
        base_stop("%s: \"%s\" instead of a number", path, word);
    mpz_set_str(value, word, 10);
}

static uint64_t part_number(const char *path, const char *word)
{
    mpz_t value;
    mpz_init(value);
    integer(path, word, value);
    if (mpz_sizeinbase(value, 2) > 48)
        base_stop("%s: more than 2^48 parts", path);
    uint64_t number = mpz_get_ui(value);
    mpz_clear(value);
    return number;
}

typedef struct {
    char network[100], domain[100], trunk[100], parts[100], regions[100];
    part_file *part;
    size_t count, room;
} verdicts;

/* The verdict whose first word is at hand. */
static void take_verdict(reader *r, verdicts *v)
{
    if (strcmp(r->word, "crease-verdict"))
        base_stop("%s: \"%s\" instead of a verdict", r->path, r->word);
    need(r, "1");
    need_same(r, "network", v->network);
    need_same(r, "domain", v->domain);
    need_same(r, "trunk", v->trunk);
    need_same(r, "parts", v->parts);
    need_same(r, "regions", v->regions);
    while (next(r) && !strcmp(r->word, "part")) {
        if (v->count == v->room) {
            v->room = 2 * v->room + 16;
            v->part = base_resize(v->part, v->room, sizeof *v->part);
        }
        part_file *p = &v->part[v->count++];
        next(r);
        p->number = part_number(r->path, r->word);
        next(r);
        mpz_init(p->total);
        integer(r->path, r->word, p->total);
    }
    if (strcmp(r->word, "end"))
        base_stop("%s: \"%s\" instead of \"part\" or \"end\"", r->path, r->word);
}

void verdict_sum(const network *net, char **path, size_t files, mpz_ptr total)
{
    static verdicts v; /* static, so that its memory is not lost at the end */
    size_t known = 0;
    sha256_hex(net->digest, v.network);
    sha256_hex(net->domain, v.domain);
    for (size_t i = 0; i < files; i++) {
        reader r = {.path = path[i], .file = fopen(path[i], "r")};
        if (!r.file)
            base_stop("%s: %s", path[i], strerror(errno));
        next(&r);
        do {
            take_verdict(&r, &v);
        } while (next(&r));
        fclose(r.file);
    }
    uint64_t parts = part_number(path[0], v.parts);
    integer(path[0], v.regions, total);
    parts_sort(v.part, v.count);
    for (size_t i = 0; i < v.count; i++) {
        part_file *p = &v.part[i];
        if (p->number >= parts)
            base_stop("part %llu of only %llu", (unsigned long long)p->number,
                      (unsigned long long)parts);
        if (known == 0 || v.part[known - 1].number != p->number) {
            mpz_add(total, total, p->total);
            v.part[known].number = p->number;
            mpz_swap(v.part[known++].total, p->total);
        } else if (mpz_cmp(p->total, v.part[known - 1].total)) {
            base_stop("two verdicts contradict each other on part %llu",
                      (unsigned long long)p->number);
        }
    }
    parts_need_all(path[0], parts, v.part, known);
}
