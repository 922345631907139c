/* Boxes in many dimensions.  A network of few inputs z becomes one of many, z_i being the sum of a
 * group of inputs; a box of these is mapped onto the box of z, with as many regions: the oracle
 * counts them for the few.  Duplicates, units that touch the box at its faces or corners and units
 * that vanish are degenerate in both.
 *
 * test_boxed_hostile is the same program with a solver that is wrong on purpose.
 *
 * Environment: CREASE_BOXED_NETS how many; CREASE_CHECK the checker of certificates. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/round_trip.h"
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

/* The bounds of "LO:HI". */
static void read_side(const char *side, mpq_t low, mpq_t high)
{
    const char *end = strchr(side, ':');
    support_require(oracle_rational(low, side, (size_t)(end - side)) &&
                        oracle_rational(high, end + 1, strlen(end + 1)),
                    "the bounds are numbers");
}

/* The bounds of the text, each divided by the number of copies, added to the box so often. */
static void put_side(FILE *box, const char *side, int copies, bool first)
{
    mpq_t bound[2], factor;
    mpq_inits(bound[0], bound[1], factor, NULL);
    mpq_set_si(factor, 1, (unsigned long)copies);
    read_side(side, bound[0], bound[1]);
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

/* row += factor times the distance of input i from a bound; *size grows by the most that this
 * is. */
static void add_distance(mpq_t *row, int n, int i, const char *side, long factor, bool upper,
                         mpq_t size)
{
    mpq_t low, high, times;
    mpq_inits(low, high, times, NULL);
    read_side(side, low, high);
    mpq_set_si(times, upper ? -factor : factor, 1);
    mpq_add(row[i], row[i], times);
    mpq_mul(times, times, upper ? high : low);
    mpq_sub(row[n], row[n], times);
    mpq_set_si(times, factor, 1);
    mpq_sub(high, high, low);
    mpq_mul(high, high, times);
    mpq_add(size, size, high);
    mpq_clears(low, high, times, NULL);
}

/* The unit becomes one that is least where others are 0 in a corner of the box, and there 0 or by
 * very little above or below. */
static void touch(const oracle_net *net, int unit, const char *const *side, uint64_t *seed)
{
    int n = net->input;
    mpq_t *row = net->layer[0].row + unit * (n + 1), size, part;
    mpq_inits(size, part, NULL);
    for (int j = 0; j <= n; j++)
        mpq_set_ui(row[j], 0, 1);
    for (long k = nets_between(seed, 0, 2); k > 0; k--) {
        int other = (int)nets_between(seed, 0, net->layer[0].rows - 1);
        mpq_set_si(part, nets_between(seed, 0, 3), nets_between(seed, 0, 1) ? 3 : 1);
        mpq_canonicalize(part);
        for (int j = 0; j <= n && other != unit; j++) {
            mpq_t product;
            mpq_init(product);
            mpq_mul(product, net->layer[0].row[other * (n + 1) + j], part);
            mpq_add(row[j], row[j], product);
            mpq_clear(product);
        }
    }
    for (int i = 0; i < n; i++)
        add_distance(row, n, i, side[i], nets_between(seed, 0, 1) * nets_between(seed, 1, 3),
                     nets_between(seed, 0, 1), size);
    mpq_set_si(part, nets_between(seed, -1, 1), 1);
    mpq_mul(size, size, part);
    mpq_div_2exp(size, size, (mp_bitcnt_t)nets_between(seed, 20, 70));
    mpq_add(row[n], row[n], size);
    mpq_set_si(part, nets_between(seed, 0, 2) ? 1 : -1, nets_between(seed, 0, 1) ? 7 : 1);
    for (int j = 0; j <= n; j++)
        mpq_mul(row[j], row[j], part);
    mpq_clears(size, part, NULL);
}

/* The three units of input i below, and what reads them above; see cancel. */
static void cancel_input(const oracle_net *net, const oracle_net *old, int i, const char *side,
                         const long *large_bits)
{
    static const char *const factor[] = {"1", "3/7", "-1"};
    int n = old->input;
    mpq_t middle, high, large, part;
    mpq_inits(middle, high, large, part, NULL);
    read_side(side, middle, high);
    mpq_add(middle, middle, high);
    mpq_div_2exp(middle, middle, 1);
    for (int k = 0; k < 3; k++) {
        nets_set(net, 0, 3 * i + k, i, factor[k]);
        mpq_mul(part, middle, *nets_at(net, 0, 3 * i + k, i));
        mpq_neg(*nets_at(net, 0, 3 * i + k, n), part);
    }
    for (int r = 0; r < old->layer[0].rows; r++) {
        mpq_t *weight = nets_at(old, 0, r, i), *bias = nets_at(net, 1, r, 3 * n);
        mpq_mul_2exp(large, *weight, (mp_bitcnt_t)large_bits[r]);
        mpq_neg(*nets_at(net, 1, r, 3 * i + 1), large);
        mpq_set_si(part, 3, 7);
        mpq_mul(part, part, large);
        mpq_add(*nets_at(net, 1, r, 3 * i), *weight, part);
        mpq_neg(*nets_at(net, 1, r, 3 * i + 2), *weight);
        mpq_mul(part, *weight, middle);
        mpq_add(*bias, *bias, part);
    }
    mpq_clears(middle, high, large, part, NULL);
}

/* The same function with a layer below of three units an input, x - m, 3/7 (x - m) and m - x, m the
 * middle of its side.  Above, multiples of the first two cancel each other, 2^large_bits as large
 * as the weights of the row: doubles leave large errors. */
static oracle_net *cancel(const oracle_net *old, const char *const *side, const long *large_bits)
{
    int n = old->input;
    oracle_net *net = nets_blank(n, old->count + 1);
    oracle_shape(&net->layer[0], n, ORACLE_RELU, 1, 3 * n, 0);
    for (int l = 0; l < old->count; l++) {
        const oracle_layer *from = &old->layer[l];
        oracle_shape(&net->layer[l + 1], l ? from->fan : 3 * n, from->kind, 1, from->width, 0);
        for (int i = 0; l && i < from->rows * (from->fan + 1); i++)
            mpq_set(net->layer[l + 1].row[i], from->row[i]);
    }
    for (int r = 0; r < old->layer[0].rows; r++)
        mpq_set(*nets_at(net, 1, r, 3 * n), *nets_at(old, 0, r, n));
    for (int i = 0; i < n; i++)
        cancel_input(net, old, i, side[i], large_bits);
    return net;
}

/* The network in a box of the sides, and the one with copies of its inputs. */
static void check_copies(const char *json, const char *const *side, const int *copies, int threads)
{
    oracle_net *net = oracle_read(json);
    int inputs = net->input;
    char few_box[1024], *wide_box;
    size_t length;
    FILE *few = fmemopen(few_box, sizeof few_box, "w"), *wide = open_memstream(&wide_box, &length);
    oracle_free(net);
    for (int i = 0; i < inputs; i++) {
        fprintf(few, "%s%s", i ? "," : "", side[i]);
        put_side(wide, side[i], copies[i], i == 0);
    }
    fclose(few);
    fclose(wide);
    char *text = widen(json, copies);
    crease_result result;
    long expected = oracle_count(json, few_box);
    uint64_t found = count_wide(text, wide_box, threads, &result);
    if (!result.complete || (long)found != expected)
        ck_abort_msg("%ld regions, but with copies of inputs %llu\n%s\n%s\n%s\n%s", expected,
                     (unsigned long long)found, json, few_box, text, wide_box);
    free(wide_box);
    free(text);
}

/* Frees the text.  So many units of the first layer, chosen with repetition, will touch others in
 * the box. */
static void check_wide(char *json, uint64_t seed, int most_copies, int touching)
{
    oracle_net *net = oracle_read(json);
    const char *side[16];
    int copies[16];
    support_require(net->input <= 16, "few inputs");
    for (int i = 0; i < net->input; i++) {
        side[i] = sides[nets_between(&seed, 0, REPEATS(sides) - 1)];
        copies[i] = (int)nets_between(&seed, 1, most_copies);
    }
    for (int k = 0; k < touching; k++)
        touch(net, (int)nets_between(&seed, 0, net->layer[0].rows - 1), side, &seed);
    char *text = nets_text(net, NULL);
    check_copies(text, side, copies, 1 + (int)(seed % 3 == 0));
    oracle_free(net);
    free(text);
    free(json);
}

START_TEST(whole)
{
    for (long k = count_setting("CREASE_BOXED_NETS", 160) / BLOCKS; k > 0; k--)
        check_wide(nets_small((uint64_t)(1000 * _i + k), 8, 3), (uint64_t)(1000 * _i + k), 24, 0);
}
END_TEST

START_TEST(smooth)
{
    for (long k = count_setting("CREASE_BOXED_NETS", 160) / BLOCKS; k > 0; k--)
        check_wide(nets_smooth((uint64_t)(1000 * _i + k), 8), (uint64_t)(1000 * _i + k), 24, 0);
}
END_TEST

START_TEST(mixed)
{
    for (long k = count_setting("CREASE_BOXED_NETS", 160) / BLOCKS; k > 0; k--)
        check_wide(nets_mixed((uint64_t)(1000 * _i + k), 8), (uint64_t)(1000 * _i + k), 12, 0);
}
END_TEST

/* Units that are least in corners, where they are 0 or nearly so. */
START_TEST(touching)
{
    for (long k = count_setting("CREASE_BOXED_NETS", 160) / 2; k > 0; k--)
        check_wide(nets_small((uint64_t)(1000 * _i + k), 6, 3), (uint64_t)(1000 * _i + k), 3, 4);
}
END_TEST

/* Sets units a and f = y a + z (high_0 - x_0) + little of a network of two inputs: with a > 0, f is
 * least where a = 0 and x_0 = high_0, which is in the upper half of the other side. */
static void set_two_units(const oracle_net *net, const char *const *side, uint64_t *seed)
{
    mpq_t low, high, part, *a = nets_at(net, 0, 0, 0), *f = nets_at(net, 0, 1, 0);
    mpq_inits(low, high, part, NULL);
    for (int i = 0; i < 2; i++) {
        mpq_set_si(a[i], nets_between(seed, 0, 1) ? 1 : -1,
                   (unsigned long)nets_between(seed, 1, 7));
        read_side(side[i], low, high);
        mpq_sub(low, low, high);
        mpq_set_si(part, i * nets_between(seed, 1, 4), 11);
        mpq_canonicalize(part);
        mpq_mul(low, low, part);
        mpq_add(high, high, low);
        mpq_mul(high, high, a[i]);
        mpq_sub(a[2], a[2], high);
    }
    mpq_set_si(part, nets_between(seed, 1, 5), 3);
    mpq_canonicalize(part);
    for (int i = 0; i < 3; i++)
        mpq_mul(f[i], a[i], part);
    add_distance(f, 2, 0, side[0], nets_between(seed, 1, 3), true, part);
    mpq_set_si(part, nets_between(seed, -1, 1), 1);
    mpq_div_2exp(part, part, (mp_bitcnt_t)nets_between(seed, 30, 60));
    mpq_add(f[2], f[2], part);
    mpq_clears(low, high, part, NULL);
}

/* One or both rows of the two units have errors that are far larger than little. */
START_TEST(cancelling)
{
    static const char *const mild[] = {"-1:1", "0:1", "0.1:0.3", "-1/3:7", "-2:0"};
    for (long k = count_setting("CREASE_BOXED_NETS", 160); k > 0; k--) {
        uint64_t seed = (uint64_t)(1000 * _i + k);
        const char *side[2] = {mild[nets_between(&seed, 0, 4)], mild[nets_between(&seed, 0, 4)]};
        const int copies[2] = {(int)nets_between(&seed, 1, 3), (int)nets_between(&seed, 1, 3)};
        long errors = nets_between(&seed, 1, 3),
             large_bits[2] = {28 * (errors & 1), 14 * (errors & 2)};
        oracle_net *net = nets_new(2, (int[]){2, 1}, 2);
        set_two_units(net, side, &seed);
        oracle_net *above = cancel(net, side, large_bits);
        char *text = nets_text(above, NULL);
        check_copies(text, side, copies, 1);
        free(text);
        oracle_free(above);
        oracle_free(net);
    }
}
END_TEST

/* Hundreds of inputs, where the sums of error bounds are long. */
START_TEST(hundreds)
{
    for (uint64_t k = 0; k < 6; k++)
        check_wide(nets_small(7000 + k, 6, 3), k, 300, 0);
}
END_TEST

/* Row r of a layer that reads x_i + shift in columns i: a plane with small integers as its normal,
 * through the point or very near it. */
static void set_near(const oracle_net *net, int layer, int r, int n, const mpq_t *point, long shift,
                     uint64_t *seed)
{
    mpq_t part, *bias = nets_at(net, layer, r, net->layer[layer].fan);
    mpq_init(part);
    mpq_set_si(*bias, nets_between(seed, -1, 1), 1);
    mpq_div_2exp(*bias, *bias, (mp_bitcnt_t)nets_between(seed, 20, 70));
    for (int i = 0; i < n; i++) {
        long weight = nets_between(seed, 1, 9) * (nets_between(seed, 0, 1) ? 1 : -1);
        mpq_set_si(*nets_at(net, layer, r, i), weight, 1);
        mpq_set_si(part, shift, 1);
        mpq_add(part, part, point[i]);
        mpq_t product;
        mpq_init(product);
        mpq_mul(product, part, *nets_at(net, layer, r, i));
        mpq_sub(*bias, *bias, product);
        mpq_clear(product);
    }
    mpq_clear(part);
}

/* Planes of the second layer that meet in one point, or nearly so, which is near planes of the
 * first layer and sometimes in a corner or on a side of the box. */
START_TEST(meeting)
{
    enum { MOST = 3, SHIFT = 9 };
    static const char *const units[] = {"-1:1", "-1:1", "-1:1"};
    for (long k = count_setting("CREASE_BOXED_NETS", 160); k > 0; k--) {
        uint64_t seed = (uint64_t)(1000 * _i + k);
        int n = (int)nets_between(&seed, 1, MOST), near = (int)nets_between(&seed, 0, 2);
        int above = (int)nets_between(&seed, 2, n + 2), copies[MOST];
        mpq_t point[MOST];
        oracle_net *net = nets_new(n, (int[]){n + near, above, 1}, 3);
        for (int i = 0; i < n; i++) {
            copies[i] = (int)nets_between(&seed, 1, 3);
            mpq_init(point[i]);
            mpq_set_si(point[i], nets_between(&seed, -4, 4), 4);
            mpq_canonicalize(point[i]);
            mpq_set_ui(*nets_at(net, 0, i, i), 1, 1);
            mpq_set_ui(*nets_at(net, 0, i, n), SHIFT, 1);
        }
        for (int r = 0; r < near; r++)
            set_near(net, 0, n + r, n, (const mpq_t *)point, 0, &seed);
        for (int r = 0; r < above; r++)
            set_near(net, 1, r, n, (const mpq_t *)point, SHIFT, &seed);
        char *text = nets_text(net, NULL);
        check_copies(text, units, copies, 1);
        free(text);
        oracle_free(net);
        for (int i = 0; i < n; i++)
            mpq_clear(point[i]);
    }
}
END_TEST

/* Flats where many rows of the second layer meet, or keep one sign: certificates, counts by ray
 * cells. */
START_TEST(flats)
{
    for (long k = count_setting("CREASE_BOXED_NETS", 160) / 2; k > 0; k--) {
        uint64_t seed = (uint64_t)(2000 * _i + k), regions;
        int n = (int)nets_between(&seed, 2, 6), widths[] = {(int)nets_between(&seed, 1, 3), 6, 1};
        const char *box = sides[nets_between(&seed, 0, 4)];
        oracle_net *net = nets_new(n, widths, 3);
        for (int l = 0; l < 2; l++)
            for (int r = 0; r < widths[l]; r++)
                for (int i = 0; i <= (l ? widths[0] : n); i++)
                    mpq_set_si(*nets_at(net, l, r, i), nets_between(&seed, -99999, 99999), 70001);
        char *json = nets_text(net, NULL), why[1000];
        crease_network *network = support_network(json);
        crease_domain *domain = NULL;
        crease_error error = {""};
        crease_result result;
        const crease_options rays = {.cell = CREASE_CELL_RAYS, .threads = 1};
        ck_assert(!crease_domain_box(box, (size_t)n, &domain, &error));
        ck_assert(!crease_count(network, domain, &rays, &result, &error));
        regions = result.regions;
        ck_assert_uint_eq(count_wide(json, box, 1, &result), regions);
        if (!round_trip(getenv("CREASE_CHECK"), json, box, network, domain, regions, why,
                        sizeof why))
            ck_abort_msg("%s\n%s\n%s", why, json, box);
        crease_domain_free(domain);
        crease_network_free(network);
        free(json);
        oracle_free(net);
    }
}
END_TEST

/* A unit for each of the thresholds of an input, the first at its lower bound, some twice:
 * 2^cuts. */
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
    tcase_add_loop_test(tcase, touching, 0, BLOCKS);
    tcase_add_loop_test(tcase, cancelling, 0, BLOCKS);
    tcase_add_loop_test(tcase, meeting, 0, BLOCKS);
    tcase_add_loop_test(tcase, flats, 0, BLOCKS);
    tcase_add_test(tcase, hundreds);
    tcase_add_test(tcase, thresholds);
    return support_run(suite);
}
