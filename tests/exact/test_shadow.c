/* The list of filters is complete; in a shadow build a sample of networks checks every one of them
 * (src/base/shadow.h).
 *
 * Environment: CREASE_CHECK, the checker; without it no certificate is written. */
#include "base/shadow.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

START_TEST(every_filter_is_listed)
{
    for (int f = 0; f < CREASE_FILTERS; f++) {
        const crease_shadow_entry *entry = &crease_shadow_list[f];
        ck_assert_msg(entry->name && entry->proof && entry->shadow && entry->calls,
                      "filter %d lacks a name, a proof or a shadow check", f);
    }
}
END_TEST

/* Four lines of R^2 through almost one point: numbers of 130 digits, and signs that neither doubles
 * nor pairs of them decide. */
static char *long_integers(void)
{
    static const char json[] = "{\"input\": 2, \"layers\": ["
                               "{\"weight\": [[\"1e130\", 1], [1, \"1e130\"], [\"1e130\", "
                               "\"1e130\"], [\"1e130\", \"-1e130\"]], "
                               "\"bias\": [0, 1, 3, -2], \"activation\": \"relu\"}, "
                               "{\"weight\": [[1, 1, 1, 1]], \"bias\": [0], "
                               "\"activation\": \"linear\"}]}";
    char *copy = strdup(json);
    ck_assert_ptr_nonnull(copy);
    return copy;
}

/* Networks of all activations and of weights in general position, by all engines, certified. */
static void count_sample(void)
{
    const int deep[] = {3, 6, 5, 1};
    for (uint64_t seed = 1; seed <= 6; seed++) {
        char *mixed = nets_mixed(seed, 9), *smooth = nets_smooth(seed, 10);
        count_same(count_classes(mixed, NULL, 1), oracle_classify(mixed, NULL), mixed, NULL);
        count_free(mixed, NULL);
        count_all(smooth, "-1/3:7");
        count_free(smooth, NULL);
        count_free(nets_whole(deep, 4, 2, seed), NULL);
    }
    count_free(nets_resonance(3), NULL);
    count_free(nets_fold(4, 2, 2), "0:1"); /* cells merge */
    ck_assert_uint_eq(count_free(long_integers(), NULL), 11);
    /* A certificate crosses hyperplanes in three dimensions and more. */
    count_free(nets_general(4, 6, 1), "-1:1");
}

START_TEST(every_filter_is_checked)
{
    for (int f = 0; f < CREASE_FILTERS; f++)
        ck_assert_msg(!crease_shadow_counted((crease_filter)f), "a check before any count");
    ck_assert_msg(!CREASE_SHADOW || getenv("CREASE_CHECK"), "CREASE_CHECK must name crease-check");
    count_sample();
    for (int f = 0; f < CREASE_FILTERS; f++)
        ck_assert_msg(!CREASE_SHADOW == !crease_shadow_counted((crease_filter)f), "%s: %llu checks",
                      crease_shadow_list[f].name,
                      (unsigned long long)crease_shadow_counted((crease_filter)f));
}
END_TEST

int main(void)
{
    setenv("CREASE_CERTIFY_EVERY", "1", 1);
    Suite *suite = suite_create("shadow");
    TCase *tcase = support_case(suite, "shadow", 600);
    tcase_add_test(tcase, every_filter_is_listed);
    tcase_add_test(tcase, every_filter_is_checked);
    suite_add_tcase(suite, tcase);
    return support_run(suite);
}
