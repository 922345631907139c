/* Random small networks of all activations, maxout above all, against the oracle.  A network that
 * fails is shrunk, kept as DIR/regress/NAME.json and checked again by test_oracle.
 *
 * Environment: CREASE_MIXED_NETS how many, CREASE_RANDOM_SEED the first, CREASE_TESTS_DIR the
 * directory of the tests. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/shrink.h"
#include "support/support.h"

#include <stdlib.h>

enum { BLOCKS = 20 };

static void check_one(uint64_t seed)
{
    uint64_t state = seed;
    const char *directory = getenv("CREASE_TESTS_DIR");
    int choices = (int)nets_between(&state, 4, 16);
    char box[NETS_BOX], *json = nets_mixed(nets_random(&state), choices);
    if (seed % 4 == 0) {
        char *nudged = nets_nudged(json, seed);
        free(json);
        json = nudged;
    }
    oracle_net *net = oracle_read(json);
    bool boxed = nets_between(&state, 0, 2) == 0;
    nets_box(net->input, &state, box);
    oracle_free(net);
    shrink_compare(json, boxed ? box : NULL, seed, directory ? directory : "tests");
    free(json);
}

START_TEST(mixed_nets)
{
    long total = count_setting("CREASE_MIXED_NETS", 2000);
    uint64_t first = (uint64_t)count_setting("CREASE_RANDOM_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS)
        check_one(first + (uint64_t)i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("maxout oracle");
    tcase_add_loop_test(support_case(suite, "mixed", 3600), mixed_nets, 0, BLOCKS);
    return support_run(suite);
}
