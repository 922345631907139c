/* Verdicts: what was verified of a certificate in parts, some parts at a time (FORMAT.md).
 *
 * THEOREM. If a verdict is printed, the network has exactly as many regions outside of the trunk's
 * parts, and in each part that has a line, as it says. So the sum over all parts, of verdicts on
 * one network, domain and trunk, is the number of regions. */
#include "check.h"

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

/* A verdict has one spelling. */
typedef struct {
    const char *path;
    char *text, *at;
} reader;

/* Names what is missing, up to the end of its line. */
_Noreturn static void bad(const reader *r, const char *what)
{
    what += *what == '\n';
    base_stop("%s: byte %zu: expected %.*s", r->path, (size_t)(r->at - r->text),
              (int)strcspn(what, "\n"), what);
}

static bool try(reader *r, const char *literal)
{
    size_t length = strlen(literal);
    bool there = !strncmp(r->at, literal, length);
    r->at += there ? length : 0;
    return there;
}

static void need(reader *r, const char *literal)
{
    if (!try(r, literal))
        bad(r, literal);
}

static void take_digest(reader *r, char digest[65])
{
    if (*digest) {
        need(r, digest);
        return;
    }
    if (strspn(r->at, "0123456789abcdef") < 64)
        bad(r, "64 digits");
    memcpy(digest, r->at, 64);
    r->at += 64;
}

/* Behind the words; ends before the character. */
static void take_integer(reader *r, const char *words, char end, mpz_ptr value)
{
    need(r, words);
    size_t digits = strspn(r->at, "0123456789");
    if (digits == 0 || (digits > 1 && *r->at == '0') || r->at[digits] != end)
        bad(r, "a number");
    r->at[digits] = '\0';
    mpz_set_str(value, r->at, 10);
    r->at[digits] = end;
    r->at += digits;
}

typedef struct {
    char network[65], domain[65], trunk[65];
    mpz_t parts, regions, t;
    part_file *part;
    size_t count, room;
} verdicts;

static void take_part(reader *r, verdicts *v)
{
    if (v->count == v->room) {
        v->room = 2 * v->room + 16;
        v->part = base_resize(v->part, v->room, sizeof *v->part);
    }
    part_file *p = &v->part[v->count++];
    take_integer(r, "", ' ', v->t);
    if (mpz_cmp(v->t, v->parts) >= 0)
        bad(r, "an earlier part");
    p->number = mpz_get_ui(v->t);
    mpz_init(p->total);
    take_integer(r, " ", '\n', p->total);
}

static void take_verdict(reader *r, verdicts *v, bool first)
{
    need(r, "crease-verdict 1\nnetwork ");
    take_digest(r, v->network);
    need(r, "\ndomain ");
    take_digest(r, v->domain);
    need(r, "\ntrunk ");
    take_digest(r, v->trunk);
    take_integer(r, "\nparts ", '\n', first ? v->parts : v->t);
    if (!first && mpz_cmp(v->t, v->parts))
        bad(r, "the number of parts of other verdicts");
    if (mpz_sizeinbase(v->parts, 2) > 48)
        bad(r, "a number below 2^48");
    take_integer(r, "\nregions ", '\n', first ? v->regions : v->t);
    if (!first && mpz_cmp(v->t, v->regions))
        bad(r, "the number of regions of other verdicts");
    for (size_t before = v->count; try(r, "\npart ");) {
        take_part(r, v);
        if (v->count - before > 1 && v->part[v->count - 2].number >= v->part[v->count - 1].number)
            bad(r, "parts in ascending order");
    }
    need(r, "\nend\n");
}

void verdict_sum(const network *net, char **path, size_t files, mpz_ptr total)
{
    static verdicts v; /* static, so that its memory is not lost at the end */
    size_t known = 0, size;
    mpz_inits(v.parts, v.regions, v.t, NULL);
    sha256_hex(net->digest, v.network);
    sha256_hex(net->domain, v.domain);
    for (size_t i = 0; i < files; i++) {
        reader r = {.path = path[i], .text = json_file(path[i], &size)};
        r.at = r.text;
        do
            take_verdict(&r, &v, i == 0 && r.at == r.text);
        while (r.at < r.text + size);
        free(r.text);
    }
    mpz_set(total, v.regions);
    parts_sort(v.part, v.count);
    for (size_t i = 0; i < v.count; i++) {
        part_file *p = &v.part[i];
        if (known == 0 || v.part[known - 1].number != p->number) {
            mpz_add(total, total, p->total);
            v.part[known].number = p->number;
            mpz_swap(v.part[known++].total, p->total);
        } else if (mpz_cmp(p->total, v.part[known - 1].total)) {
            base_stop("two verdicts contradict each other on part %llu",
                      (unsigned long long)p->number);
        }
    }
    parts_need_all(path[0], mpz_get_ui(v.parts), v.part, known);
}
