/* The files of a certificate: one that is whole, or a trunk and parts of it. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 8 };

/* The head of a file against network and domain, and the kept inputs, which a part has from its
 * trunk. */
static head read_head(checker *c, stream *in, mpz_ptr claim, bool part)
{
    uint8_t bytes[32];
    char ours[65], theirs[65];
    const network *net = c->net;
    head h = {.kind = WHOLE};
    stream_bytes(in, bytes, 16);
    for (int i = 10; i < 16; i++)
        h.number = h.number << 8 | bytes[i];
    h.version = bytes[8];
    h.kind = bytes[9];
    if (h.version == 2 && c->team > 1)
        stream_reject(in, "one process checks a certificate of version 2");
    if (memcmp(bytes, "creasect", 8) || h.version < 1 || h.version > 2 || h.kind > PART ||
        (h.kind == WHOLE && h.number) || (h.kind != WHOLE && h.version != 1))
        stream_reject(in, "this is no certificate of version 1 or 2");
    for (int i = 0; i < 2; i++) {
        const uint8_t *digest = i == 0 ? net->digest : net->domain;
        stream_mark(in);
        stream_bytes(in, bytes, 32);
        if (memcmp(bytes, digest, 32))
            stream_reject(in, "the certificate is for the %s %s, this is %s%s",
                          i == 0 ? "network" : "domain", sha256_hex(bytes, theirs),
                          sha256_hex(digest, ours),
                          i == 0 ? "" : "; give the --box or --domain it was made with");
    }
    stream_bytes(in, bytes, 32);
    mpz_import(claim, 32, 1, 1, 0, 0, bytes);
    stream_mark(in);
    uint64_t next = 0, count = stream_number(in);
    if (count > net->inputs)
        stream_reject(in, "more inputs are kept than there are");
    if (part && count != c->n)
        stream_reject(in, "other inputs are kept than in the trunk");
    if (!part) {
        c->n = count;
        c->kept = base_allocate(c->n, sizeof *c->kept);
    }
    for (size_t j = 0; j < c->n; j++) {
        size_t kept = stream_entry(in, &next, net->inputs, 0);
        if (part && kept != c->kept[j])
            stream_reject(in, "other inputs are kept than in the trunk");
        c->kept[j] = kept;
    }
    return h;
}

static void need_spanned(checker *c)
{
    const network *net = c->net;
    bool *kept = base_allocate(net->inputs, sizeof *kept);
    for (size_t j = 0; j < c->n; j++)
        kept[c->kept[j]] = true;
    bool spanned = c->n == net->inputs || domain_spanned(net, kept);
    free(kept);
    if (!spanned)
        stream_reject(c->in, "the inputs that are not kept make a difference");
}

static int by_number(const void *a, const void *b)
{
    const part_file *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

void parts_sort(part_file *part, size_t count)
{
    if (count)
        qsort(part, count, sizeof *part, by_number);
}

void parts_need_all(const char *name, uint64_t parts, const part_file *part, size_t count)
{
    char list[32 * SHOWN] = "";
    uint64_t missing = parts - count, next = 0;
    for (size_t i = 0, shown = 0; next < parts && shown < SHOWN; next++) {
        if (i < count && part[i].number == next) {
            i++;
            continue;
        }
        size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, "%s%llu", shown++ ? ", " : "",
                 (unsigned long long)next);
    }
    if (missing)
        base_stop("%s: of %llu parts %llu are missing: %s%s", name, (unsigned long long)parts,
                  (unsigned long long)missing, list, missing > SHOWN ? ", ..." : "");
}

void parts_open(checker *c, char **path, size_t files, bool some, bool json)
{
    c->in = c->trunk = stream_open(path[0], json);
    if (some || c->team > 1)
        stream_begin_digest(c->trunk);
    head h = read_head(c, c->trunk, c->claim, false);
    need_spanned(c);
    c->version = h.version;
    c->kind = h.kind;
    c->parts_of = h.number;
    if (h.kind == PART)
        base_stop("%s: this is a part; the trunk comes first", path[0]);
    if (h.kind == WHOLE && (some || files > 1))
        base_stop("%s: this is a whole certificate, which has no parts", path[0]);
    c->part = base_allocate(files, sizeof *c->part);
    for (size_t i = 1; i < files; i++) {
        part_file *p = &c->part[c->parts++];
        mpz_inits(p->claim, p->total, NULL);
        p->in = stream_open(path[i], json);
        if (c->team > 1)
            stream_begin_digest(p->in);
        h = read_head(c, p->in, p->claim, true);
        p->number = h.number;
        if (h.kind != PART)
            base_stop("%s: this is no part", path[i]);
        if (h.number >= c->parts_of)
            stream_reject(p->in, "part %llu, but the trunk has %llu", (unsigned long long)h.number,
                          (unsigned long long)c->parts_of);
    }
    parts_sort(c->part, c->parts);
    for (size_t i = 1; i < c->parts; i++)
        if (c->part[i].number == c->part[i - 1].number)
            base_stop("part %llu is there twice", (unsigned long long)c->part[i].number);
    if (!some)
        parts_need_all(path[0], c->parts_of, c->part, c->parts);
}

void parts_enter(checker *c, uint64_t number)
{
    part_file wanted = {.number = number};
    part_file *p = c->parts ? bsearch(&wanted, c->part, c->parts, sizeof *p, by_number) : NULL;
    if (!p)
        return;
    c->inside = p;
    c->in = p->in;
    mpz_swap(c->total, p->total);
    c->floor = c->opens;
}

void parts_leave(checker *c)
{
    mpz_swap(c->total, c->inside->total);
    c->inside = NULL;
    c->in = c->trunk;
    c->floor = 0;
}

static void need_end(checker *c, stream *in, mpz_srcptr total, mpz_srcptr claim)
{
    c->bytes += stream_mark(in);
    if (!stream_ends(in))
        stream_reject(in, "bytes after the last node");
    if (c->team < 2 && mpz_cmp(total, claim))
        stream_reject(in, "the tree has %s regions, the claim is %s", mpz_get_str(NULL, 10, total),
                      mpz_get_str(NULL, 10, claim));
}

void parts_end(checker *c)
{
    need_end(c, c->trunk, c->total, c->claim);
    for (size_t i = 0; i < c->parts; i++)
        need_end(c, c->part[i].in, c->part[i].total, c->part[i].claim);
}

bool parts_claimed(const checker *c)
{
    bool claimed = mpz_cmp(c->total, c->claim) == 0;
    for (size_t i = 0; i < c->parts; i++)
        claimed = claimed && mpz_cmp(c->part[i].total, c->part[i].claim) == 0;
    return claimed;
}

void parts_add(checker *c)
{
    for (size_t i = 0; i < c->parts; i++)
        mpz_add(c->total, c->total, c->part[i].total);
}
