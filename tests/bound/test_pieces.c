/* Bounds for units that are not all ReLU: attained by one layer in general position, never passed
 * by deeper networks, the formulas against sums over all sets of units, and the reasons given
 * where a theorem is about other units.
 *
 * Environment: CREASE_BOUND_NETS how many random networks. */
#include "bound/bound.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <check.h>
#include <crease.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 8192, MOST_LAYERS = 3 };

/* What a layer of the tests is made of. */
static const struct {
    const char *name, *json;
    size_t states, rank;
    bool flat;
} kinds[] = {{"relu", "\"relu\"", 2, 1, true},
             {"leaky_relu", "\"leaky_relu\", \"slope\": \"-1/3\"", 2, 1, false},
             {"leaky_relu", "\"leaky_relu\", \"slope\": 0", 2, 1, false},
             {"abs", "\"abs\"", 2, 1, false},
             {"clip", "\"clip\", \"low\": \"-1/10\", \"high\": \"1/5\"", 3, 1, true},
             {"clip", "\"hard_tanh\"", 3, 1, true},
             {"maxout", "\"maxout\", \"rank\": 2", 2, 2, false},
             {"maxout", "\"maxout\", \"rank\": 3", 3, 3, false}};
enum { KINDS = sizeof kinds / sizeof *kinds, PARALLEL = 6 /* maxout comes behind */ };

typedef struct {
    size_t inputs, layers;
    size_t width[MOST_LAYERS], carry[MOST_LAYERS]; /* units that switch, and those beside them */
    int kind[MOST_LAYERS];
    char json[TEXT];
} sample;

/* Weights are whole in [-range, range] over 16; a large range is general position. */
static void write_sample(sample *s, long range, uint64_t *state)
{
    char *to = s->json, *end = s->json + TEXT;
    to += snprintf(to, (size_t)(end - to), "{\"input\": %zu, \"layers\": [", s->inputs);
    for (size_t l = 0; l <= s->layers; l++) {
        bool last = l == s->layers;
        size_t fan = l ? s->width[l - 1] + s->carry[l - 1] : s->inputs;
        size_t rows = last ? 1 : s->width[l] * kinds[s->kind[l]].rank + s->carry[l];
        to += snprintf(to, (size_t)(end - to), "{\"weight\": [");
        for (size_t i = 0; i < rows * fan; i++)
            to += snprintf(to, (size_t)(end - to), "%s\"%ld/16\"",
                           i % fan ? ","
                           : i     ? "],["
                                   : "[",
                           nets_between(state, -range, range));
        to += snprintf(to, (size_t)(end - to), "]], \"bias\": [");
        for (size_t u = 0; u < rows; u++)
            to += snprintf(to, (size_t)(end - to), "%s\"%ld/16\"", u ? "," : "",
                           nets_between(state, -range, range));
        to += snprintf(to, (size_t)(end - to), "], \"activation\": %s",
                       last ? "\"linear\"}]}" : kinds[s->kind[l]].json);
        if (!last)
            to += snprintf(to, (size_t)(end - to), ", \"carry\": %zu},", s->carry[l]);
    }
    ck_assert(end - to > 1);
}

static crease_bounds *bounds_of(const char *json)
{
    crease_network *network = support_network(json);
    crease_bounds *bounds;
    crease_error error;
    ck_assert_msg(!crease_bounds_network(network, NULL, 0, &bounds, &error), "%s", error.text);
    crease_network_free(network);
    return bounds;
}

static const crease_bound *find(const crease_bounds *bounds, const char *id)
{
    for (size_t i = 0; i < crease_bounds_count(bounds); i++)
        if (!strcmp(crease_bounds_get(bounds, i)->id, id))
            return crease_bounds_get(bounds, i);
    return NULL;
}

static const char *value_of(const crease_bounds *bounds, const char *id)
{
    const crease_bound *b = find(bounds, id);
    ck_assert_msg(b && b->applies, "%s: %s", id, b ? b->note : "not in the list");
    return b->value;
}

/* One layer in general position attains the bound, whatever its units are. */
START_TEST(attained)
{
    static const char *const known[][PARALLEL] = {/* n0, n1 = 1, 5; 2, 6; 3, 5 and 4, 3 */
                                                  {"6", "6", "6", "6", "11", "11"},
                                                  {"22", "22", "22", "22", "73", "73"},
                                                  {"26", "26", "26", "26", "131", "131"},
                                                  {"8", "8", "8", "8", "27", "27"}};
    static const size_t shape[][2] = {{1, 5}, {2, 6}, {3, 5}, {4, 3}};
    uint64_t state = 17 * (uint64_t)_i;
    for (int kind = 0; kind < PARALLEL; kind++) {
        sample s = {.inputs = shape[_i][0], .layers = 1, .width = {shape[_i][1]}, .kind = {kind}};
        write_sample(&s, 100000, &state);
        crease_bounds *bounds = bounds_of(s.json);
        const char *want = known[_i][kind];
        ck_assert_str_eq(value_of(bounds, kind ? "pieces-layer" : "zaslavsky"), want);
        ck_assert_str_eq(value_of(bounds, kind ? "pieces-upper" : "montufar-2017"), want);
        ck_assert_str_eq(crease_bounds_shallow(bounds)->value, want);
        ck_assert_uint_eq(count_all(s.json, NULL), strtoull(want, NULL, 10));
        crease_bounds_free(bounds);
    }
}
END_TEST

/* The units and the number of their states. */
static void check_units(const sample *s, const crease_bounds *bounds)
{
    ck_assert_uint_eq(crease_bounds_layers(bounds), s->layers);
    for (size_t l = 0; l < s->layers; l++) {
        ck_assert_uint_eq(crease_bounds_width(bounds, l), s->width[l]);
        ck_assert_str_eq(crease_activation_name(crease_bounds_activation(bounds, l)),
                         kinds[s->kind[l]].name);
        ck_assert_uint_eq(crease_bounds_carry(bounds, l), s->carry[l]);
        ck_assert_uint_eq(crease_bounds_states(bounds, l), kinds[s->kind[l]].states);
    }
}

static void check_count(const sample *s, const crease_bounds *bounds)
{
    uint64_t regions = count_all(s->json, NULL);
    mpq_t value;
    mpq_init(value);
    for (size_t i = 0; i < crease_bounds_count(bounds); i++) {
        const crease_bound *b = crease_bounds_get(bounds, i);
        ck_assert(b->applies == (b->value != NULL) && (b->applies || *b->note));
        if (!b->applies || (b->kind != CREASE_BOUND_UPPER && b->kind != CREASE_BOUND_EXACT))
            continue;
        mpq_set_str(value, b->value, 10);
        ck_assert_msg(mpq_cmp_ui(value, regions, 1) >= 0, "%s: %llu regions, %s is %s", s->json,
                      (unsigned long long)regions, b->id, b->value);
    }
    mpq_clear(value);
}

static sample random_sample(uint64_t *state, bool mixed)
{
    sample s = {.inputs = (size_t)nets_between(state, 1, 3),
                .layers = (size_t)nets_between(state, 1, MOST_LAYERS)};
    for (size_t l = 0; l < s.layers; l++) {
        s.width[l] = (size_t)nets_between(state, 1, 4);
        s.carry[l] = mixed ? (size_t)nets_between(state, 0, 1) : 0;
        s.kind[l] = l && !mixed ? s.kind[0] : (int)nets_between(state, 1, PARALLEL - 1);
        if (mixed && l == 1)
            s.kind[l] = nets_between(state, 0, 1) ? 0 : KINDS - 1;
    }
    write_sample(&s, nets_between(state, 0, 1) ? 16 : 1000, state);
    return s;
}

START_TEST(counts_stay_below)
{
    uint64_t state = 1000 * (uint64_t)_i;
    long count = count_setting("CREASE_BOUND_NETS", 400) / 10;
    for (long i = 0; i < count; i++) {
        sample s = random_sample(&state, i % 2);
        crease_bounds *bounds = bounds_of(s.json);
        check_units(&s, bounds);
        check_count(&s, bounds);
        crease_bounds_free(bounds);
    }
}
END_TEST

/* Sums over all sets of units: prod (k - 1) over the set, sets of at most depth units of the layers
 * from first to last. */
static unsigned long over_sets(const sample *s, size_t first, size_t last, size_t depth)
{
    size_t base[MOST_LAYERS * 4], n = 0;
    unsigned long sum = 0;
    for (size_t l = first; l <= last; l++)
        for (size_t u = 0; u < s->width[l]; u++)
            base[n++] = kinds[s->kind[l]].states - 1;
    for (unsigned long set = 0; set < 1ul << n; set++) {
        unsigned long product = 1;
        for (size_t i = 0; i < n; i++)
            product *= set >> i & 1 ? base[i] : 1;
        if ((size_t)__builtin_popcountl(set) <= depth)
            sum += product;
    }
    return sum;
}

START_TEST(sums)
{
    uint64_t state = 50 + (uint64_t)_i;
    for (int trial = 0; trial < 60; trial++) {
        sample s = random_sample(&state, trial % 3 > 0);
        crease_bounds *bounds = bounds_of(s.json);
        unsigned long product = 1, patterns = 1;
        size_t narrow = s.inputs;
        for (size_t l = 0; l < s.layers; l++) {
            product *= over_sets(&s, l, l, narrow);
            patterns *= over_sets(&s, l, l, s.width[l]);
            size_t wide = s.width[l] + s.carry[l];
            narrow = wide < narrow ? wide : narrow;
        }
        ck_assert_uint_eq(strtoul(value_of(bounds, "pieces-upper"), NULL, 10), product);
        ck_assert_uint_eq(strtoul(value_of(bounds, "pieces-trivial"), NULL, 10), patterns);
        ck_assert_uint_eq(strtoul(crease_bounds_shallow(bounds)->value, NULL, 10),
                          over_sets(&s, 0, s.layers - 1, s.inputs));
        unsigned long serra = strtoul(value_of(bounds, "pieces-serra"), NULL, 10);
        ck_assert_uint_le(serra, product);
        ck_assert_uint_le(strtoul(value_of(bounds, "pieces-rank"), NULL, 10), serra);
        bool flat = false; /* a layer behind which the dimension falls */
        for (size_t l = 0; l + 1 < s.layers; l++)
            flat = flat || kinds[s.kind[l]].flat;
        if (!flat)
            ck_assert_uint_eq(serra, product);
        crease_bounds_free(bounds);
    }
}
END_TEST

/* By hand.  Clip units lose dimensions, abs units do not: 2; 2,2 has 9 * 9 at most, and 1 + 4 + 4
 * parts of dimension 2, 1, 0 with 9, 5, 1 above them: 33. */
START_TEST(by_hand)
{
    uint64_t state = 3;
    sample s = {.inputs = 2, .layers = 2, .width = {2, 2}, .kind = {5, 5}};
    write_sample(&s, 1000, &state);
    crease_bounds *bounds = bounds_of(s.json);
    ck_assert_str_eq(value_of(bounds, "pieces-upper"), "81");
    ck_assert_str_eq(value_of(bounds, "pieces-serra"), "33");
    ck_assert_str_eq(crease_bounds_shallow(bounds)->value, "33");
    crease_bounds_free(bounds);
    s.kind[0] = s.kind[1] = 3;
    write_sample(&s, 1000, &state);
    bounds = bounds_of(s.json);
    ck_assert_str_eq(value_of(bounds, "pieces-serra"), "16");
    crease_bounds_free(bounds);
    /* Four units on one line: 5 and 9 pieces. */
    bounds = bounds_of("{\"input\": 2, \"layers\": [{\"weight\": [[1,2],[2,4],[-1,-2],[3,6]], "
                       "\"bias\": [0,1,2,5], \"activation\": \"abs\"}, "
                       "{\"weight\": [[1,1,1,1]], \"bias\": [0], \"activation\": \"linear\"}]}");
    ck_assert_str_eq(value_of(bounds, "pieces-rank"), "5");
    ck_assert_str_eq(find(bounds, "pieces-rank")->note, "ranks 1");
    crease_bounds_free(bounds);
}
END_TEST

/* 2; 3, 2, three clip units and two abs units.  1 + 6 parts of dimension 2 and 12, with two clipped
 * units, of dimension 1; 4 above the former, 3 above the latter.  A unit that carries keeps them
 * all at 2. */
START_TEST(carried)
{
    uint64_t state = 7;
    sample s = {.inputs = 2, .layers = 2, .width = {3, 2}, .carry = {0, 0}, .kind = {4, 3}};
    write_sample(&s, 1000, &state);
    crease_bounds *bounds = bounds_of(s.json);
    ck_assert_str_eq(value_of(bounds, "pieces-serra"), "64");
    crease_bounds_free(bounds);
    s.carry[0] = 1;
    write_sample(&s, 1000, &state);
    bounds = bounds_of(s.json);
    ck_assert_str_eq(value_of(bounds, "pieces-serra"), "76");
    ck_assert_str_eq(find(bounds, "serra-2018-upper")->note,
                     "the theorem is for layers of relu units alone, in hidden layer 0 1 carry");
    crease_bounds_free(bounds);
}
END_TEST

/* Maxout of one rank has the table of its own, whose bounds are those of the widths. */
START_TEST(maxout)
{
    uint64_t state = 11;
    crease_bounds *widths;
    sample s = {.inputs = 2, .layers = 2, .width = {4, 4}, .kind = {7, 7}};
    write_sample(&s, 1000, &state);
    crease_bounds *bounds = bounds_of(s.json);
    ck_assert(!crease_bounds_widths("2,4,4", 3, &widths, NULL));
    for (size_t i = 0; i < crease_bounds_count(widths); i++) {
        const crease_bound *want = crease_bounds_get(widths, i);
        const crease_bound *got = find(bounds, want->id);
        ck_assert_msg(got &&
                          (want->network || (got->applies == want->applies &&
                                             (!want->applies || !strcmp(got->value, want->value)))),
                      "%s", want->id);
    }
    ck_assert_uint_eq(crease_bounds_count(bounds), crease_bounds_count(widths));
    ck_assert_str_eq(value_of(bounds, "maxout-montufar-2022-upper"), "1089");
    ck_assert_str_eq(value_of(bounds, "maxout-rank"), "1089");
    ck_assert_str_eq(crease_bounds_shallow(bounds)->value, "129");
    check_count(&s, bounds);
    crease_bounds_free(widths);
    crease_bounds_free(bounds);
    s.kind[1] = 6;
    write_sample(&s, 1000, &state);
    bounds = bounds_of(s.json);
    ck_assert_str_eq(find(bounds, "maxout-trivial")->note, "the theorem is for units of one rank");
    ck_assert_str_eq(value_of(bounds, "pieces-upper"), "363");
    ck_assert(*find(bounds, "pieces-upper")->note && !find(bounds, "trivial"));
    crease_bounds_free(bounds);
}
END_TEST

/* The rank is that of the rows of all pieces, and of no row that carries: one unit of max(0, x, y),
 * and x + y, y + 2 beside a unit of the second input alone. */
START_TEST(rows_that_decide)
{
    crease_bounds *bounds = bounds_of(
        "{\"input\": 2, \"layers\": [{\"weight\": [[0,0],[1,0],[0,1]], \"bias\": [0,0,0], "
        "\"activation\": \"maxout\", \"rank\": 3}, "
        "{\"weight\": [[1]], \"bias\": [0], \"activation\": \"linear\"}]}");
    ck_assert_str_eq(value_of(bounds, "maxout-rank"), "3");
    ck_assert_str_eq(find(bounds, "maxout-rank")->note, "ranks 2");
    crease_bounds_free(bounds);
    bounds = bounds_of("{\"input\": 2, \"layers\": [{\"weight\": [[0,1],[1,1],[0,1]], "
                       "\"bias\": [0,0,2], \"activation\": \"abs\", \"carry\": 2}, "
                       "{\"weight\": [[1,1,1]], \"bias\": [0], \"activation\": \"linear\"}]}");
    ck_assert_str_eq(find(bounds, "pieces-rank")->note, "ranks 1");
    crease_bounds_free(bounds);
}
END_TEST

START_TEST(reasons)
{
    uint64_t state = 5;
    sample s = {.inputs = 2, .layers = 2, .width = {3, 3}, .kind = {0, 4}};
    write_sample(&s, 1000, &state);
    crease_bounds *bounds = bounds_of(s.json);
    const crease_bound *b = find(bounds, "serra-2018-upper");
    ck_assert(b && !b->applies && !b->value);
    ck_assert_str_eq(b->note, "the theorem is for relu units, hidden layer 1 has clip");
    ck_assert_int_eq((int)find(bounds, "pieces-upper")->source, (int)CREASE_BOUND_PROVED);
    ck_assert(!find(bounds, "maxout-trivial"));
    crease_bounds_free(bounds);
    /* With ReLU alone nothing of this is listed. */
    s.kind[1] = 0;
    write_sample(&s, 1000, &state);
    bounds = bounds_of(s.json);
    ck_assert(!find(bounds, "pieces-upper") && find(bounds, "serra-2018-upper")->applies);
    ck_assert_str_eq(crease_bounds_shallow(bounds)->value, "22");
    crease_bounds_free(bounds);
    /* Nothing that switches. */
    bounds = bounds_of("{\"input\": 2, \"layers\": [{\"weight\": [[1,1]], \"bias\": [0], "
                       "\"activation\": \"linear\"}]}");
    ck_assert(!crease_bounds_shallow(bounds)->applies);
    crease_bounds_free(bounds);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pieces");
    TCase *tcase = support_case(suite, "pieces", 3600);
    tcase_add_loop_test(tcase, attained, 0, 4);
    tcase_add_loop_test(tcase, counts_stay_below, 0, 10);
    tcase_add_loop_test(tcase, sums, 0, 5);
    tcase_add_test(tcase, by_hand);
    tcase_add_test(tcase, carried);
    tcase_add_test(tcase, maxout);
    tcase_add_test(tcase, rows_that_decide);
    tcase_add_test(tcase, reasons);
    return support_run(suite);
}
