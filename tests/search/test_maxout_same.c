/* Equivalent networks have equally many regions: permuted, repeated and shifted pieces,
 * maxout as ReLU and the other way, values carried in other ways.
 *
 * Environment: CREASE_MIXED_NETS how many small networks, CREASE_RANDOM_SEED the first. */
#include "support/counting.h"
#include "support/nets_maxout.h"
#include "support/random_net.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCKS = 10 };

typedef enum { ANYWHERE, BOX_ONLY, SPACE_ONLY } place;

static void expect(char *json, const char *box, uint64_t regions, const char *what, uint64_t seed)
{
    uint64_t found = count_free(json, box);
    ck_assert_msg(found == regions, "%s, seed %llu: %llu regions, expected %llu", what,
                  (unsigned long long)seed, (unsigned long long)found, (unsigned long long)regions);
}

static char *whole_maxout(const char *json, uint64_t seed)
{
    (void)seed;
    return nets_as_maxout(json);
}

static char *whole_relu(const char *json, uint64_t seed)
{
    (void)seed;
    return nets_maxout_as_relu(json);
}

static char *there_and_back(const char *json, uint64_t seed)
{
    char *maxout = nets_as_maxout(json), *shifted = nets_shift_pieces(maxout, seed);
    char *relu = nets_maxout_as_relu(shifted);
    free(maxout);
    free(shifted);
    return relu;
}

static char *carry_inputs(const char *json, uint64_t seed)
{
    (void)seed;
    return nets_carry_inputs(json);
}

static char *carry_by_pieces(const char *json, uint64_t seed)
{
    (void)seed;
    return nets_carry_by_pieces(json);
}

static char *carry_by_shift(const char *json, uint64_t seed)
{
    (void)seed;
    return nets_carry_by_shift(json);
}

static const struct {
    char *(*change)(const char *json, uint64_t seed);
    const char *name;
    place where; /* the count stays the same */
} changes[] = {
    {nets_permute, "units permuted", ANYWHERE},
    {nets_scale_units, "units scaled", ANYWHERE},
    {nets_permute_pieces, "pieces permuted", ANYWHERE},
    {nets_add_piece, "a piece too many", ANYWHERE},
    {nets_shift_pieces, "pieces shifted", ANYWHERE},
    {whole_maxout, "as maxout", ANYWHERE},
    {whole_relu, "rank 2 as relu", ANYWHERE},
    {there_and_back, "as maxout, shifted, as relu", ANYWHERE},
    {carry_inputs, "inputs carried", ANYWHERE},
    {carry_by_pieces, "carried by pieces", ANYWHERE},
    {carry_by_shift, "carried by a shift", BOX_ONLY},
    {nets_more_inputs, "more inputs", SPACE_ONLY},
    {nets_change_inputs, "inputs changed", SPACE_ONLY},
};

static void check_changes(const char *json, const char *box, uint64_t regions, uint64_t seed)
{
    size_t step = getenv("CREASE_LONG") ? 1 : 3;
    for (size_t i = seed % step; i < REPEATS(changes); i += step)
        if (changes[i].where != (box ? SPACE_ONLY : BOX_ONLY))
            expect(changes[i].change(json, seed), box, regions, changes[i].name, seed);
}

/* The oracle counts the network as it is, crease what became of it. */
START_TEST(small)
{
    long total = count_setting("CREASE_MIXED_NETS", 600) / 3;
    uint64_t first = (uint64_t)count_setting("CREASE_RANDOM_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS) {
        uint64_t seed = first + (uint64_t)i, state = ~seed;
        char box[NETS_BOX], *json = nets_mixed(nets_random(&state), 12);
        oracle_net *net = oracle_read(json);
        bool boxed = nets_between(&state, 0, 1);
        nets_box(net->input, &state, box);
        oracle_free(net);
        long regions = oracle_count(json, boxed ? box : NULL);
        check_changes(json, boxed ? box : NULL, (uint64_t)regions, seed);
        free(json);
    }
}
END_TEST

/* Some hundred regions and more: all ways must agree on every form. */
START_TEST(larger)
{
    static const struct {
        int width[6], rank;
    } shapes[] = {{{1, 12, 9, 1}, 2},   {{2, 5, 4, 1}, 2}, {{2, 3, 3, 1}, 3},  {{3, 3, 2, 1}, 4},
                  {{2, 3, 3, 3, 1}, 2}, {{3, 5, 1}, 3},    {{4, 4, 3, 1}, 2},  {{5, 3, 3, 1}, 3},
                  {{2, 2, 2, 1}, 9},    {{3, 3, 1}, 12},   {{1, 3, 1, 1}, 12}, {{6, 2, 3, 1}, 3}};
    int count = 0;
    if (!getenv("CREASE_LONG") && _i % 3)
        return;
    while (shapes[_i].width[count])
        count++;
    char *json = nets_smooth_maxout(shapes[_i].width, count, shapes[_i].rank, (uint64_t)_i);
    check_changes(json, NULL, count_all(json, NULL), 1 + (uint64_t)_i / 3);
    check_changes(json, "-1:1", count_all(json, "-1:1"), 2 + (uint64_t)_i / 3);
    free(json);
}
END_TEST

START_TEST(relu_networks)
{
    static const int widths[][6] = {{1, 20, 10, 1}, {2, 9, 8, 1}, {3, 8, 6, 1}, {2, 6, 5, 4, 1},
                                    {4, 7, 5, 1},   {5, 4, 8, 1}, {3, 10, 1},   {6, 5, 5, 1}};
    int count = 0;
    if (!getenv("CREASE_LONG") && _i % 3)
        return;
    while (widths[_i][count])
        count++;
    char *json = random_net(widths[_i], count, (uint64_t)_i + 1);
    uint64_t regions = count_all(json, NULL), boxed = count_all(json, "-1:1");
    expect(nets_as_maxout(json), NULL, regions, "as maxout", 0);
    expect(nets_as_maxout(json), "-1:1", boxed, "as maxout, box", 0);
    expect(there_and_back(json, 5), NULL, regions, "as maxout, shifted, as relu", 0);
    free(json);
}
END_TEST

static void expect_as_maxout(char *json, const char *box, uint64_t regions, const char *what)
{
    expect(nets_as_maxout(json), box, regions, what, 0);
    free(json);
}

START_TEST(known_networks)
{
    expect_as_maxout(nets_zigzag(5, 3), NULL, 216, "zigzag");
    expect_as_maxout(nets_fold(4, 2, 3), "0:1", 112, "fold");
    expect_as_maxout(nets_braid(4), NULL, 24, "braid");
    expect_as_maxout(nets_type_b(3), NULL, 48, "type B");
    expect_as_maxout(nets_resonance(4), NULL, 370, "resonance");
    expect_as_maxout(nets_shi(4), NULL, 125, "shi");
}
END_TEST

/* Convex functions with steps, as maxout units and as sums of relu units. */
START_TEST(convex_steps)
{
    long total = count_setting("CREASE_MIXED_NETS", 600) / 3;
    uint64_t first = (uint64_t)count_setting("CREASE_RANDOM_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS) {
        uint64_t seed = first + (uint64_t)i;
        char *json = nets_small(seed, 5, 2);
        char *maxout = nets_steps(json, seed, true), *relu = nets_steps(json, seed, false);
        const char *box = i % 3 ? NULL : "-2:2";
        uint64_t regions = count_all(maxout, box);
        expect(relu, box, regions, "steps", seed);
        free(maxout);
        free(json);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("maxout same");
    TCase *tcase = support_case(suite, "maxout same", 3600);
    tcase_add_loop_test(tcase, small, 0, BLOCKS);
    tcase_add_loop_test(tcase, larger, 0, 12);
    tcase_add_loop_test(tcase, relu_networks, 0, 8);
    tcase_add_test(tcase, known_networks);
    tcase_add_loop_test(tcase, convex_steps, 0, BLOCKS);
    return support_run(suite);
}
