/* Facets of regions in a box of many inputs.  The box is given once as such and once by
 * half-spaces, where its sides are rows like others: two methods.
 *
 * test_wide_hostile is the same program with solvers that are wrong on purpose.
 *
 * Environment: CREASE_BOXED_NETS how many networks. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/support.h"

#include <crease_regions.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 4, MOST_UNITS = 16, MOST_REGIONS = 4000 };

/* A region as text: states of the units, then its facets in their order. */
typedef struct {
    int count, inputs;
    char *line[MOST_REGIONS];
} listing;

static bool note(void *context, crease_region *region)
{
    static const char kind[] = "ulh";
    listing *all = context;
    size_t length;
    support_require(all->count < MOST_REGIONS, "few regions");
    FILE *to = open_memstream(&all->line[all->count++], &length);
    for (size_t u = 0; u < crease_region_units(region); u++)
        fprintf(to, "%d", crease_region_pattern(region)[u]);
    for (size_t i = 0; i < crease_region_facets(region); i++) {
        crease_facet facet = crease_region_facet(region, i);
        if (facet.kind == CREASE_FACET_UNIT)
            fprintf(to, " u%zu", facet.place);
        else if (facet.kind == CREASE_FACET_HALF) /* all lower sides, then all upper ones */
            fprintf(to, " %c%zu", kind[1 + (facet.index >= (size_t)all->inputs)],
                    facet.index % (size_t)all->inputs);
        else
            fprintf(to, " %c%zu", kind[facet.kind], facet.index);
    }
    fclose(to);
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *json, const char *place, listing *all)
{
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_options_default(&options);
    options.cell = CREASE_CELL_LP;
    options.threads = 1;
    all->inputs = (int)crease_network_inputs(network);
    if (count_domain(place, crease_network_inputs(network), &domain, &error) ||
        crease_regions(network, domain, &options, CREASE_REGIONS_ONE_BY_ONE, note, all, &result,
                       &error))
        ck_abort_msg("%s", error.text);
    ck_assert(result.complete && result.regions == (uint64_t)all->count);
    qsort(all->line, (size_t)all->count, sizeof *all->line, by_text);
    crease_domain_free(domain);
    crease_network_free(network);
}

static void forget(listing *all)
{
    for (int i = 0; i < all->count; i++)
        free(all->line[i]);
    free(all);
}

/* Of n inputs: "LO:HI", and the half-spaces -x_j <= -LO and x_j <= HI. */
static void box_texts(int n, const char *low, const char *high, char **box, char **halves)
{
    size_t length;
    FILE *to = open_memstream(box, &length);
    fprintf(to, "%s:%s", low, high);
    fclose(to);
    to = open_memstream(halves, &length);
    fprintf(to, "{\"A\": [");
    for (int f = 0; f < 2 * n; f++) {
        fprintf(to, "%s[", f ? ", " : "");
        for (int j = 0; j < n; j++)
            fprintf(to, "%s%d", j ? ", " : "", j != f % n ? 0 : f < n ? -1 : 1);
        fprintf(to, "]");
    }
    fprintf(to, "], \"b\": [");
    for (int f = 0; f < 2 * n; f++) {
        mpq_t bound;
        mpq_init(bound);
        support_require(mpq_set_str(bound, f < n ? low : high, 10) == 0, "the bounds are numbers");
        if (f < n)
            mpq_neg(bound, bound);
        char *text = mpq_get_str(NULL, 10, bound);
        fprintf(to, "%s\"%s\"", f ? ", " : "", text);
        free(text);
        mpq_clear(bound);
    }
    fprintf(to, "]}");
    fclose(to);
}

/* The row becomes a multiple of that of a side, or is very near to one. */
static void set_near_side(mpq_t *row, int n, const char *bound, uint64_t *seed)
{
    mpq_t place, little, factor;
    mpq_inits(place, little, factor, NULL);
    for (int i = 0; i < n; i++)
        mpq_set_ui(row[i], 0, 1);
    support_require(mpq_set_str(place, bound, 10) == 0, "the bound is a number");
    mpq_set_si(little, nets_between(seed, -1, 1), 1);
    mpq_div_2exp(little, little, (mp_bitcnt_t)nets_between(seed, 20, 70));
    mpq_set_si(factor, nets_between(seed, 0, 1) ? 3 : -1, 7);
    mpq_sub(place, little, place);
    mpq_mul(row[n], place, factor);
    mpq_set(row[nets_between(seed, 0, n - 1)], factor);
    mpq_clears(place, little, factor, NULL);
}

/* Integers, so units touch sides and corners, or equal one another or a side. */
static char *make_net(int n, const char *bound, uint64_t *seed)
{
    int widths[] = {(int)nets_between(seed, 1, 5), (int)nets_between(seed, 1, 3), 1};
    bool sparse = nets_between(seed, 0, 1);
    oracle_net *net = nets_new(n, widths, 3);
    for (int l = 0; l < 2; l++)
        for (int r = 0; r < widths[l]; r++)
            for (int i = 0; i <= net->layer[l].fan; i++)
                mpq_set_si(*nets_at(net, l, r, i),
                           sparse && nets_between(seed, 0, 3) ? 0 : nets_between(seed, -3, 3), 1);
    if (nets_between(seed, 0, 1))
        set_near_side(nets_at(net, 0, 0, 0), n, bound, seed);
    char *json = nets_text(net, NULL);
    oracle_free(net);
    return json;
}

static void check_one(uint64_t seed)
{
    static const char *const low[] = {"0", "-1", "-2", "1/3", "-1/1000000"}, *const high[] = {
                                                                                 "1", "1", "3",
                                                                                 "4/3", "1"};
    int n = (int)nets_between(&seed, 1, 14), sides = (int)nets_between(&seed, 0, 4);
    const char *bound = nets_between(&seed, 0, 1) ? low[sides] : high[sides];
    char *json = make_net(n, bound, &seed), *box, *halves;
    listing *one = calloc(1, sizeof *one), *two = calloc(1, sizeof *two);
    support_require(one && two, "memory");
    box_texts(n, low[sides], high[sides], &box, &halves);
    list(json, box, one);
    list(json, halves, two);
    ck_assert_msg(one->count == two->count, "%d regions or %d\n%s\n%s", one->count, two->count,
                  json, box);
    for (int i = 0; i < one->count; i++)
        ck_assert_msg(!strcmp(one->line[i], two->line[i]), "%s in the box, otherwise %s\n%s\n%s",
                      one->line[i], two->line[i], json, box);
    forget(one);
    forget(two);
    free(box);
    free(halves);
    free(json);
}

START_TEST(random_nets)
{
    long total = count_setting("CREASE_BOXED_NETS", 400);
    for (long i = _i; i < total; i += BLOCKS)
        check_one((uint64_t)i + 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wide");
    TCase *tcase = support_case(suite, "facets", 1200);
    tcase_add_loop_test(tcase, random_nets, 0, BLOCKS);
    return support_run(suite);
}
