/* The regions of small random networks, one by one, against brute force in exact fractions.
 *
 * Environment: CREASE_RANDOM_NETS how many, CREASE_RANDOM_SEED the first. */
#include "support/counting.h"
#include "support/domains.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/support.h"

#include <crease_regions.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 10, MOST_REGIONS = 1500 };

/* ---- Regions of the oracle ---- */

typedef struct {
    int rows;
    mpz_t *row;
    mpq_t *map;
    bool met;
    /* What the library says. */
    uint8_t *pattern;
    int facets, *neighbour; /* -1: none */
    mpz_t *facet;           /* facets x (n + 1) */
} known;

typedef struct {
    const char *json;
    oracle_net *net;
    int n, outputs, count;
    long expected;
    known *region;
    size_t units;
    uint8_t **beyond; /* patterns, resolved when all regions are known */
    long links, room;
    int *link_from, *link_facet;
} world;

static void keep_region(void *context, const oracle_region *region)
{
    world *w = context;
    w->region = oracle_need(realloc(w->region, (size_t)(w->count + 1) * sizeof *w->region));
    known *k = &w->region[w->count++];
    int step = region->inputs + 1;
    *k = (known){.rows = region->rows,
                 .row = oracle_whole_zeros(region->rows * step),
                 .map = oracle_zeros((size_t)(region->outputs * step))};
    w->outputs = region->outputs;
    for (int i = 0; i < region->rows * step; i++)
        mpz_set(k->row[i], region->row[i]);
    for (int i = 0; i < region->outputs * step; i++)
        mpq_set(k->map[i], region->map[i]);
}

static void drop_world(world *w)
{
    for (int i = 0; i < w->count; i++) {
        known *k = &w->region[i];
        oracle_drop_whole(k->row, k->rows * (w->n + 1));
        oracle_drop(k->map, (size_t)(w->outputs * (w->n + 1)));
        if (k->facet)
            oracle_drop_whole(k->facet, k->facets * (w->n + 1));
        free(k->pattern);
        free(k->neighbour);
    }
    for (long i = 0; i < w->links; i++)
        free(w->beyond[i]);
    free(w->beyond);
    free(w->link_from);
    free(w->link_facet);
    free(w->region);
}

static void dot(mpq_t sum, mpq_t *row, mpq_t *x, int n)
{
    mpq_t term;
    mpq_init(term);
    mpq_set(sum, row[n]);
    for (int j = 0; j < n; j++) {
        mpq_mul(term, row[j], x[j]);
        mpq_add(sum, sum, term);
    }
    mpq_clear(term);
}

static bool contains(const known *k, mpq_t *x, int n)
{
    bool inside = true;
    mpq_t *row = oracle_zeros((size_t)n + 1), sum;
    mpq_init(sum);
    for (int i = 0; i < k->rows && inside; i++) {
        for (int j = 0; j <= n; j++)
            mpq_set_z(row[j], k->row[i * (n + 1) + j]);
        dot(sum, row, x, n);
        inside = mpq_sgn(sum) > 0;
    }
    mpq_clear(sum);
    oracle_drop(row, (size_t)n + 1);
    return inside;
}

/* ---- States, as crease_network.h defines them ---- */

static int state_of(const oracle_layer *layer, mpq_t *z, mpq_t out)
{
    int state = 0;
    switch (layer->kind) {
    case ORACLE_LINEAR: mpq_set(out, z[0]); break;
    case ORACLE_RELU:
    case ORACLE_LEAKY:
    case ORACLE_ABS:
        state = mpq_sgn(z[0]) > 0;
        mpq_set(out, z[0]);
        if (!state && layer->kind == ORACLE_RELU)
            mpq_set_ui(out, 0, 1);
        if (!state && layer->kind == ORACLE_LEAKY)
            mpq_mul(out, z[0], layer->parameter[0]);
        if (!state && layer->kind == ORACLE_ABS)
            mpq_neg(out, z[0]);
        break;
    case ORACLE_CLIP:
        state = (mpq_cmp(z[0], layer->parameter[0]) > 0) + (mpq_cmp(z[0], layer->parameter[1]) > 0);
        mpq_set(out, state == 1 ? z[0] : layer->parameter[state / 2]);
        break;
    case ORACLE_MAXOUT:
        for (int i = 1; i < layer->rank; i++)
            if (mpq_cmp(z[i], z[state]) > 0)
                state = i;
        mpq_set(out, z[state]);
    }
    return state;
}

/* The states at x of all units that have some, and in y the outputs; y has room for each layer. */
static size_t states_at(const oracle_net *net, mpq_t *x, uint8_t *state, mpq_t *y)
{
    size_t count = 0;
    int fan = net->input;
    mpq_t *h = oracle_zeros(256), *out = oracle_zeros(256), *z = oracle_zeros(64);
    for (int j = 0; j < fan; j++)
        mpq_set(h[j], x[j]);
    for (int l = 0; l < net->count; l++) {
        const oracle_layer *layer = &net->layer[l];
        for (int u = 0; u < layer->width; u++) {
            bool carried = u >= layer->width - layer->carry;
            int rank = carried ? 1 : layer->rank, first = oracle_row_of(layer, u);
            for (int i = 0; i < rank; i++)
                dot(z[i], layer->row + (first + i) * (fan + 1), h, fan);
            if (carried) {
                mpq_set(out[u], z[0]);
                continue;
            }
            int own = state_of(layer, z, out[u]);
            if (layer->kind != ORACLE_LINEAR)
                state[count++] = (uint8_t)own;
        }
        fan = layer->width;
        for (int u = 0; u < fan; u++)
            mpq_set(h[u], out[u]);
    }
    for (int u = 0; u < fan; u++)
        mpq_set(y[u], h[u]);
    oracle_drop(h, 256);
    oracle_drop(out, 256);
    oracle_drop(z, 64);
    return count;
}

/* ---- Inequalities ---- */

static void take_text(mpq_t value, char *text)
{
    ck_assert_ptr_nonnull(text);
    ck_assert_int_eq(mpq_set_str(value, text, 10), 0);
    mpq_canonicalize(value);
    free(text);
}

/* 1 if a = c b for some c > 0, -1 for some c < 0, otherwise 0. */
static int parallel(mpz_t *a, mpz_t *b, int n)
{
    mpz_t p, q;
    mpz_inits(p, q, NULL);
    int sign = 0, lead = 0;
    while (lead <= n && !mpz_sgn(a[lead]))
        lead++;
    bool same = lead <= n;
    for (int j = 0; j <= n && same; j++) {
        mpz_mul(p, a[lead], b[j]);
        mpz_mul(q, b[lead], a[j]);
        same = mpz_cmp(p, q) == 0;
    }
    if (same)
        sign = mpz_sgn(a[lead]) * mpz_sgn(b[lead]);
    mpz_clears(p, q, NULL);
    return sign;
}

/* Is there a point where row has the sign and all rows of the first, and of the second region
 * (which may be NULL) that are not parallel to row are positive? */
static bool beside(const known *first, const known *second, mpz_t *row, int sign, int n)
{
    int most = first->rows + (second ? second->rows : 0) + 1, count = 1;
    mpz_t *all = oracle_whole_zeros(most * (n + 1));
    for (int j = 0; j <= n; j++)
        mpz_mul_si(all[j], row[j], sign);
    for (int k = 0; k < 2; k++) {
        const known *own = k ? second : first;
        for (int i = 0; own && i < own->rows; i++) {
            mpz_t *at = own->row + i * (n + 1);
            if (parallel(at, row, n))
                continue;
            for (int j = 0; j <= n; j++)
                mpz_set(all[count * (n + 1) + j], at[j]);
            count++;
        }
    }
    bool found = oracle_feasible(all, count, n);
    oracle_drop_whole(all, most * (n + 1));
    return found;
}

/* The number of facets: of rows that are not constant and bound the region, equal ones taken
 * once. */
static int count_facets(const known *k, int n)
{
    int facets = 0;
    for (int i = 0; i < k->rows; i++) {
        mpz_t *row = k->row + i * (n + 1);
        bool fresh = false;
        for (int j = 0; j < n; j++)
            fresh = fresh || mpz_sgn(row[j]);
        for (int p = 0; p < i && fresh; p++)
            fresh = parallel(k->row + p * (n + 1), row, n) != 1;
        facets += fresh && beside(k, NULL, row, -1, n);
    }
    return facets;
}

/* Vertices have far smaller coordinates. */
static bool goes_far(const known *k, int n)
{
    bool far = false;
    mpz_t *all = oracle_whole_zeros((k->rows + 1) * (n + 1));
    for (int i = 0; i < k->rows * (n + 1); i++)
        mpz_set(all[i], k->row[i]);
    for (int j = 0; j < n && !far; j++)
        for (int sign = -1; sign <= 1 && !far; sign += 2) {
            mpz_t *row = all + k->rows * (n + 1);
            for (int i = 0; i <= n; i++)
                mpz_set_si(row[i], i == j ? sign : 0);
            mpz_ui_pow_ui(row[n], 2, 4000);
            mpz_neg(row[n], row[n]);
            far = oracle_feasible(all, k->rows + 1, n);
        }
    oracle_drop_whole(all, (k->rows + 1) * (n + 1));
    return far;
}

/* ---- One region ---- */

static void check_point(const world *w, crease_region *region, mpq_t *x)
{
    double *rounded = oracle_need(calloc((size_t)w->n, sizeof *rounded));
    bool same = crease_region_point(region, rounded);
    mpq_t value;
    mpq_init(value);
    for (int j = 0; j < w->n; j++) {
        take_text(x[j], crease_region_point_text(region, (size_t)j));
        if (same) {
            mpq_set_d(value, rounded[j]);
            support_require(mpq_equal(value, x[j]), "the doubles are another point");
        } else {
            support_require(fabs(mpq_get_d(x[j]) - rounded[j]) <= 1e-9 * fabs(rounded[j]) + 1e-300,
                            "the doubles are far from the point");
        }
    }
    mpq_clear(value);
    free(rounded);
}

static void check_states(const world *w, crease_region *region, mpq_t *x)
{
    uint8_t state[256];
    mpq_t *y = oracle_zeros(256), *row = oracle_zeros((size_t)w->n + 1), sum;
    mpq_init(sum);
    size_t count = states_at(w->net, x, state, y);
    support_require(count == crease_region_units(region), "another number of units");
    support_require(!memcmp(state, crease_region_pattern(region), count), "another pattern");
    for (int i = 0; i < w->outputs; i++) {
        for (int j = 0; j <= w->n; j++)
            take_text(row[j], crease_region_map_text(region, (size_t)i, (size_t)j));
        dot(sum, row, x, w->n);
        support_require(mpq_equal(sum, y[i]), "the map has another value at the point");
    }
    mpq_clear(sum);
    oracle_drop(y, 256);
    oracle_drop(row, (size_t)w->n + 1);
}

static void check_map(const world *w, crease_region *region, const known *k)
{
    int n = w->n;
    double *A = oracle_need(calloc((size_t)(w->outputs * n), sizeof *A)),
           *b = oracle_need(calloc((size_t)w->outputs, sizeof *b));
    crease_region_map(region, A, b);
    mpq_t value;
    mpq_init(value);
    for (int i = 0; i < w->outputs; i++)
        for (int j = 0; j <= n; j++) {
            take_text(value, crease_region_map_text(region, (size_t)i, (size_t)j));
            support_require(mpq_equal(value, k->map[i * (n + 1) + j]), "another map");
            support_require(mpq_get_d(value) == (j < n ? A[i * n + j] : b[i]),
                            "the map in doubles differs");
        }
    mpq_clear(value);
    free(A);
    free(b);
}

/* The integers of the inequality of a facet. */
static void take_facet(const world *w, crease_region *region, size_t i, mpz_t *row)
{
    mpq_t *value = oracle_zeros((size_t)w->n + 1);
    mpz_t common;
    mpz_init_set_ui(common, 1);
    for (int j = 0; j <= w->n; j++) {
        take_text(value[j], crease_region_facet_text(region, i, (size_t)j));
        mpz_lcm(common, common, mpq_denref(value[j]));
    }
    for (int j = 0; j <= w->n; j++) {
        mpz_divexact(row[j], common, mpq_denref(value[j]));
        mpz_mul(row[j], row[j], mpq_numref(value[j]));
    }
    mpz_clear(common);
    oracle_drop(value, (size_t)w->n + 1);
}

static void keep_link(world *w, const known *k, int facet, const uint8_t *pattern)
{
    if (w->links == w->room) {
        w->room = w->room ? 2 * w->room : 64;
        size_t room = (size_t)w->room;
        w->beyond = oracle_need(realloc(w->beyond, room * sizeof *w->beyond));
        w->link_from = oracle_need(realloc(w->link_from, room * sizeof *w->link_from));
        w->link_facet = oracle_need(realloc(w->link_facet, room * sizeof *w->link_facet));
    }
    w->beyond[w->links] = oracle_need(malloc(w->units + 1));
    memcpy(w->beyond[w->links], pattern, w->units);
    w->link_from[w->links] = (int)(k - w->region);
    w->link_facet[w->links++] = facet;
}

static void check_facets(world *w, crease_region *region, known *k)
{
    int n = w->n;
    k->facets = (int)crease_region_facets(region);
    k->facet = oracle_whole_zeros(k->facets * (n + 1));
    k->neighbour = oracle_need(calloc((size_t)k->facets + 1, sizeof *k->neighbour));
    support_require(k->facets == count_facets(k, n), "another number of facets");
    for (int i = 0; i < k->facets; i++) {
        mpz_t *row = k->facet + i * (n + 1);
        take_facet(w, region, (size_t)i, row);
        int found = 0;
        for (int p = 0; p < k->rows; p++)
            found += parallel(k->row + p * (n + 1), row, n) == 1;
        support_require(found && beside(k, NULL, row, -1, n), "not a facet");
        for (int p = 0; p < i; p++)
            support_require(parallel(k->facet + p * (n + 1), row, n) != 1, "a facet twice");
        crease_facet facet = crease_region_facet(region, (size_t)i);
        const uint8_t *pattern = crease_region_neighbour(region, (size_t)i);
        support_require((facet.kind == CREASE_FACET_UNIT) == (pattern != NULL),
                        "a neighbour across the border of the domain");
        k->neighbour[i] = -1;
        if (!pattern)
            continue;
        support_require(pattern[facet.place] != k->pattern[facet.place],
                        "the unit does not change across its facet");
        keep_link(w, k, i, pattern);
    }
    support_require(crease_region_bounded(region) == !goes_far(k, n), "bounded or not");
}

static bool visit(void *context, crease_region *region)
{
    world *w = context;
    mpq_t *x = oracle_zeros((size_t)w->n);
    known *own = NULL;
    check_point(w, region, x);
    for (int i = 0; i < w->count; i++)
        if (contains(&w->region[i], x, w->n)) {
            support_require(!own, "the point is in two regions");
            own = &w->region[i];
        }
    support_require(own != NULL, "the point is in no region");
    support_require(!own->met, "a region twice");
    own->met = true;
    w->units = crease_region_units(region);
    own->pattern = oracle_need(malloc(w->units + 1));
    memcpy(own->pattern, crease_region_pattern(region), w->units);
    check_states(w, region, x);
    check_map(w, region, own);
    check_facets(w, region, own);
    oracle_drop(x, (size_t)w->n);
    return true;
}

/* ---- All regions ---- */

static int find_pattern(const world *w, const uint8_t *pattern)
{
    for (int i = 0; i < w->count; i++)
        if (!memcmp(w->region[i].pattern, pattern, w->units))
            return i;
    return -1;
}

static void check_links(world *w)
{
    for (long i = 0; i < w->links; i++) {
        known *from = &w->region[w->link_from[i]];
        mpz_t *row = from->facet + w->link_facet[i] * (w->n + 1);
        int to = find_pattern(w, w->beyond[i]);
        support_require(to >= 0, "the neighbour is no region");
        support_require(beside(from, &w->region[to], row, 1, w->n) &&
                            beside(from, &w->region[to], row, -1, w->n),
                        "the neighbour does not share the facet");
        from->neighbour[w->link_facet[i]] = to;
    }
    for (int a = 0; a < w->count; a++)
        for (int i = 0; i < w->region[a].facets; i++) {
            int b = w->region[a].neighbour[i], back = 0;
            for (int k = 0; b >= 0 && k < w->region[b].facets; k++)
                back += w->region[b].neighbour[k] == a;
            support_require(b < 0 || back == 1, "the graph is not symmetric");
        }
}

static void check_way(const char *json, const char *box, const crease_options *options)
{
    world w = {.json = json, .net = oracle_read(json)};
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_result result;
    crease_error error;
    w.n = w.net->input;
    w.expected = oracle_regions(json, box, keep_region, &w);
    if (box)
        ck_assert_int_eq(count_domain(box, (size_t)w.n, &domain, &error), CREASE_OK);
    crease_status status = crease_regions(network, domain, options, CREASE_REGIONS_ONE_BY_ONE,
                                          visit, &w, &result, &error);
    if (!w.expected) {
        ck_assert_int_eq(status, CREASE_INPUT);
    } else {
        ck_assert_msg(status == CREASE_OK, "%s", error.text);
        support_require(result.complete && result.regions == (uint64_t)w.expected,
                        "another number of regions");
        check_links(&w);
    }
    drop_world(&w);
    crease_domain_free(domain);
    crease_network_free(network);
    oracle_free(w.net);
}

static void check_one(uint64_t seed)
{
    uint64_t state = seed;
    char box[NETS_BOX], *domain = NULL, *json;
    switch (seed % 4) {
    case 0: json = nets_small(nets_random(&state), 7, 2); break;
    case 1: json = nets_smooth(nets_random(&state), 6); break;
    default: json = nets_mixed(nets_random(&state), 8); break;
    }
    long kind = nets_between(&state, 0, 2);
    if (kind == 1) {
        oracle_net *net = oracle_read(json);
        nets_box(net->input, &state, box);
        oracle_free(net);
    } else if (kind == 2) {
        domain = domains_random(json, (domain_kind)nets_between(&state, 0, DOMAIN_KINDS - 1),
                                nets_random(&state));
    }
    const char *place = kind == 1 ? box : domain;
    crease_options options;
    crease_options_default(&options);
    options.threads = nets_between(&state, 0, 3) ? 1 : 3;
    options.cell = nets_between(&state, 0, 1) ? CREASE_CELL_LP : CREASE_CELL_RAYS;
    if (getenv("CREASE_PRINT"))
        fprintf(stderr, "seed %llu: %s\n%s\n", (unsigned long long)seed, place ? place : "R^n",
                json);
    if (oracle_count(json, place) <= MOST_REGIONS)
        check_way(json, place, &options);
    free(domain);
    free(json);
}

START_TEST(random_nets)
{
    long total = count_setting("CREASE_RANDOM_NETS", 1000);
    uint64_t first = (uint64_t)count_setting("CREASE_RANDOM_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS)
        check_one(first + (uint64_t)i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("regions");
    TCase *tcase = support_case(suite, "oracle", 3600);
    tcase_add_loop_test(tcase, random_nets, 0, BLOCKS);
    return support_run(suite);
}
