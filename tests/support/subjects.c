#include "subjects.h"

#include "counting.h"
#include "domains.h"
#include "nets.h"
#include "nets_maxout.h"
#include "random_net.h"
#include "support.h"

#include <stdlib.h>

static char *mixed(uint64_t seed)
{
    return nets_mixed(seed, 12);
}

static char *small(uint64_t seed)
{
    return nets_small(seed, 14, 3);
}

static char *smooth(uint64_t seed)
{
    return nets_smooth(seed, 14);
}

static char *whole(uint64_t seed)
{
    static const int widths[] = {4, 7, 6, 1};
    return nets_whole(widths, 4, 3, seed);
}

static char *deep(uint64_t seed)
{
    static const int widths[] = {2, 6, 6, 6, 6, 1};
    return nets_whole(widths, 6, 5, seed);
}

/* More inputs than a ray cell of a box takes. */
static char *wide(uint64_t seed)
{
    static const int widths[] = {9, 6, 4, 1};
    return nets_whole(widths, 4, 3, seed);
}

static char *maxout(uint64_t seed)
{
    static const int widths[] = {3, 4, 3, 1};
    return nets_smooth_maxout(widths, 4, 4, seed);
}

static char *tropical(uint64_t seed)
{
    return nets_tropical(3, 5, 9, seed);
}

static char *fold(uint64_t seed)
{
    return nets_fold(4, 2, 2 + (int)(seed % 3));
}

static char *braid(uint64_t seed)
{
    return nets_braid(4 + (int)(seed % 2));
}

static char *resonance(uint64_t seed)
{
    return nets_resonance(3 + (int)(seed % 2));
}

const subject_kind subject_kinds[SUBJECT_KINDS] = {
    {mixed, NULL, CREASE_CELL_AUTO, CREASE_LP_AUTO, 6},
    {mixed, "-2:3", CREASE_CELL_AUTO, CREASE_LP_AUTO, 4},
    {mixed, "-2:3", CREASE_CELL_LP, CREASE_LP_DENSE, 2},
    {mixed, "?", CREASE_CELL_AUTO, CREASE_LP_AUTO, 3},
    {small, NULL, CREASE_CELL_LP, CREASE_LP_DENSE, 2},
    {small, "?", CREASE_CELL_LP, CREASE_LP_AUTO, 2},
    {smooth, NULL, CREASE_CELL_RAYS, CREASE_LP_AUTO, 2},
    {smooth, "-1:1", CREASE_CELL_LP, CREASE_LP_GLPK, 2},
    {whole, NULL, CREASE_CELL_AUTO, CREASE_LP_AUTO, 1},
    {deep, NULL, CREASE_CELL_AUTO, CREASE_LP_AUTO, 1},
    {wide, "-1:1", CREASE_CELL_AUTO, CREASE_LP_AUTO, 1},
    {wide, NULL, CREASE_CELL_AUTO, CREASE_LP_AUTO, 1},
    {maxout, NULL, CREASE_CELL_AUTO, CREASE_LP_AUTO, 2},
    {maxout, "-1:1", CREASE_CELL_LP, CREASE_LP_AUTO, 1},
    {tropical, NULL, CREASE_CELL_AUTO, CREASE_LP_AUTO, 1},
    {fold, "0:1", CREASE_CELL_AUTO, CREASE_LP_AUTO, 1},
    {braid, NULL, CREASE_CELL_AUTO, CREASE_LP_AUTO, 1},
    {resonance, NULL, CREASE_CELL_AUTO, CREASE_LP_AUTO, 1},
};

bool subject_long(void)
{
    return getenv("CREASE_LONG") != NULL;
}

void subject_open(const subject_kind *k, uint64_t seed, subject *s)
{
    crease_error error;
    crease_result result;
    *s = (subject){.json = k->make(seed)};
    s->network = support_network(s->json);
    char *domain = k->box && *k->box == '?' ? domains_random(s->json, DOMAIN_AROUND, seed) : NULL;
    if (k->box)
        ck_assert_int_eq(count_domain(domain ? domain : k->box, crease_network_inputs(s->network),
                                      &s->domain, &error),
                         CREASE_OK);
    free(domain);
    crease_options_default(&s->options);
    s->options.threads = 1;
    s->options.cell = k->cell;
    s->options.lp = k->lp;
    ck_assert_msg(!crease_count(s->network, s->domain, &s->options, &result, &error), "%s",
                  error.text);
    s->regions = (double)result.regions;
}

void subject_close(subject *s)
{
    crease_domain_free(s->domain);
    crease_network_free(s->network);
    free(s->json);
}

subject subject_large(void)
{
    static const int widths[] = {4, 16, 16, 16, 1};
    subject s = {.json = random_net(widths, 5, 1)};
    s.network = support_network(s.json);
    crease_options_default(&s.options);
    s.options.threads = 1;
    return s;
}
