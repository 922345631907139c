/* Boxes in many dimensions.  A network of few inputs z becomes one of many, z_i being the sum of a
 * group of inputs; a box of these is mapped onto the box of z, with as many regions: the oracle
 * counts them for the few.  Duplicates, units that touch the box at its faces or corners and units
 * that vanish are degenerate in both.
 *
 * Environment: CREASE_BOXED_NETS how many. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 4 };

static const char *const sides[] = {
    "-1:1",     "0:1",      "-1/3:7",         "1/7:2/7",  "-2:0",          "-1e300:1e300",
    "0:1e-300", "-1e9:1/3", "999999:1000000", "-1:1e-12", "-5e-324:1e300", "-1e-300:1e-299",
    "0.1:0.3",
};

/* The bounds of the text, each divided by the number of copies, added to the box so often. */
static void put_side(FILE *box, const char *side, int copies, bool first)
{
    const char *end = strchr(side, ':');
    mpq_t bound[2], factor;
    mpq_inits(bound[0], bound[1], factor, NULL);
    mpq_set_si(factor, 1, (unsigned long)copies);
    support_require(oracle_rational(bound[0], side, (size_t)(end - side)) &&
                        oracle_rational(bound[1], end + 1, strlen(end + 1)),
                    "the bounds are numbers");
    for (int b = 0; b < 2; b++)
        mpq_mul(bound[b], bound[b], factor);
    char *low = mpq_get_str(NULL, 10, bound[0]), *high = mpq_get_str(NULL, 10, bound[1]);
    for (int c = 0; c < copies; c++)
        fprintf(box, "%s%s:%s", first && !c ? "" : ",", low, high);
    free(low);
    free(high);
    mpq_clears(bound[0], bound[1], factor, NULL);
}

/* The network with so many copies of input i, which are added up. */
static char *widen(const char *json, const int *copies)
{
    oracle_net *few = oracle_read(json);
    oracle_layer *first = &few->layer[0];
    int n = few->input, wide = 0;
    for (int i = 0; i < n; i++)
        wide += copies[i];
    mpq_t *row = oracle_zeros((size_t)(first->rows * (wide + 1)));
    for (int r = 0; r < first->rows; r++) {
        mpq_t *to = row + r * (wide + 1);
        for (int i = 0; i < n; i++)
            for (int c = 0; c < copies[i]; c++)
                mpq_set(*to++, first->row[r * (n + 1) + i]);
        mpq_set(*to, first->row[r * (n + 1) + n]);
    }
    oracle_drop(first->row, (size_t)(first->rows * (n + 1)));
    first->row = row;
    first->fan = few->input = wide;
    char *text = nets_text(few, NULL);
    oracle_free(few);
    return text;
}

static uint64_t count_wide(const char *json, const char *box, int threads, crease_result *result)
{
    crease_network *network = support_network(json);
    crease_domain *domain = NULL;
    crease_error error = {""};
    crease_options options = {.engine = CREASE_ENGINE_SPLIT,
                              .cell = CREASE_CELL_LP,
                              .lp = CREASE_LP_DENSE,
                              .threads = threads};
    if (count_domain(box, crease_network_inputs(network), &domain, &error) ||
        crease_count(network, domain, &options, result, &error))
        ck_abort_msg("%s", error.text);
    crease_domain_free(domain);
    crease_network_free(network);
    return result->regions;
}

/* Frees the text. */
static void check_wide(char *json, uint64_t seed, int most_copies)
{
    oracle_net *net = oracle_read(json);
    int copies[16], inputs = net->input;
    char few_box[1024], *wide_box;
    size_t length;
    FILE *few = fmemopen(few_box, sizeof few_box, "w"), *wide = open_memstream(&wide_box, &length);
    oracle_free(net);
    support_require(inputs <= 16, "few inputs");
    for (int i = 0; i < inputs; i++) {
        const char *side = sides[nets_between(&seed, 0, REPEATS(sides) - 1)];
        copies[i] = (int)nets_between(&seed, 1, most_copies);
        fprintf(few, "%s%s", i ? "," : "", side);
        put_side(wide, side, copies[i], i == 0);
    }
    fclose(few);
    fclose(wide);
    char *text = widen(json, copies);
    crease_result result;
    long expected = oracle_count(json, few_box);
    uint64_t found = count_wide(text, wide_box, 1 + (int)(seed % 3 == 0), &result);
    if (!result.complete || (long)found != expected)
        ck_abort_msg("%ld regions, but with copies of inputs %llu\n%s\n%s\n%s\n%s", expected,
                     (unsigned long long)found, json, few_box, text, wide_box);
    free(wide_box);
    free(text);
    free(json);
}

START_TEST(whole)
{
    for (long k = count_setting("CREASE_BOXED_NETS", 160) / BLOCKS; k > 0; k--)
        check_wide(nets_small((uint64_t)(1000 * _i + k), 8, 3), (uint64_t)(1000 * _i + k), 24);
}
END_TEST

START_TEST(smooth)
{
    for (long k = count_setting("CREASE_BOXED_NETS", 160) / BLOCKS; k > 0; k--)
        check_wide(nets_smooth((uint64_t)(1000 * _i + k), 8), (uint64_t)(1000 * _i + k), 24);
}
END_TEST

START_TEST(mixed)
{
    for (long k = count_setting("CREASE_BOXED_NETS", 160) / BLOCKS; k > 0; k--)
        check_wide(nets_mixed((uint64_t)(1000 * _i + k), 8), (uint64_t)(1000 * _i + k), 12);
}
END_TEST

/* Hundreds of inputs, where the sums of error bounds are long. */
START_TEST(hundreds)
{
    for (uint64_t k = 0; k < 6; k++)
        check_wide(nets_small(7000 + k, 6, 3), k, 300);
}
END_TEST

/* A unit for each of the thresholds of an input, the first at its lower bound, some twice: 2^cuts. */
START_TEST(thresholds)
{
    enum { INPUTS = 60, CUTS = 7 };
    int widths[] = {4 * CUTS, 1};
    oracle_net *net = nets_new(INPUTS, widths, 2);
    for (int u = 0; u < 4 * CUTS; u++) {
        int cut = u / 4, kind = u % 4;
        nets_set(net, 0, u, 8 * cut, kind == 1 ? "-3" : "1");
        nets_set(net, 0, u, INPUTS, kind == 0 ? "0" : kind == 1 ? "1" : kind == 2 ? "-1/3" : "-1");
    }
    char *json = nets_text(net, NULL);
    crease_result result;
    ck_assert_uint_eq(count_wide(json, "0:1", 1, &result), 1 << CUTS);
    free(json);
    oracle_free(net);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("boxed");
    TCase *tcase = support_case(suite, "boxed", 1200);
    tcase_add_loop_test(tcase, whole, 0, BLOCKS);
    tcase_add_loop_test(tcase, smooth, 0, BLOCKS);
    tcase_add_loop_test(tcase, mixed, 0, BLOCKS);
    tcase_add_test(tcase, hundreds);
    tcase_add_test(tcase, thresholds);
    return support_run(suite);
}
