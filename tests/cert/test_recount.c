/* The second count of a certificate: if crease_search returns a wrong count, which is forced here,
 * there is no certificate. */
#include "proof/recount.h"
#include "api/run_search.h"
#include "support/random_net.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int wrong; /* added to every count */

/* In the place of the library's. */
crease_status crease_search(const crease_network *network, const crease_domain *domain,
                            const crease_options *options, crease_tape *tape,
                            const crease_keeper *keeper, crease_result *result, crease_error *error)
{
    crease_status status =
        crease_search_here(network, domain, options, tape, keeper, result, error);
    result->regions += (uint64_t)wrong;
    snprintf(result->digits, sizeof result->digits, "%llu", (unsigned long long)result->regions);
    return status;
}

/* A layer on R^n, cells and subspaces of a deep network, a box, the walk. */
static const struct {
    int widths[5], count;
    const char *box;
    crease_engine engine;
} kinds[] = {
    {{4, 12, 1}, 3, NULL, CREASE_ENGINE_SPLIT},      {{1, 9, 1}, 3, NULL, CREASE_ENGINE_SPLIT},
    {{2, 8, 8, 1}, 4, NULL, CREASE_ENGINE_SPLIT},    {{4, 6, 6, 1}, 4, "-1:1", CREASE_ENGINE_SPLIT},
    {{3, 5, 5, 5, 1}, 5, NULL, CREASE_ENGINE_SPLIT}, {{3, 6, 6, 1}, 4, NULL, CREASE_ENGINE_WALK},
};

START_TEST(wrong_counts_leave_no_certificate)
{
    char *text = random_net(kinds[_i].widths, kinds[_i].count, 7), path[] = "/tmp/recount-XXXXXX";
    crease_network *network = support_network(text);
    crease_domain *domain = NULL;
    crease_options options;
    crease_result result;
    crease_error error;
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
    unlink(path);
    ck_assert(!kinds[_i].box ||
              !crease_domain_box(kinds[_i].box, (size_t)kinds[_i].widths[0], &domain, &error));
    crease_options_default(&options);
    options.engine = kinds[_i].engine;
    options.threads = 2;
    for (wrong = -1; wrong <= 1; wrong++) {
        crease_status status = crease_certify(network, domain, &options, path, &result, &error);
        ck_assert_int_eq(status, wrong ? CREASE_INTERNAL : CREASE_OK);
        ck_assert_int_eq(access(path, F_OK), wrong ? -1 : 0);
        if (wrong) {
            char words[80];
            snprintf(words, sizeof words, "proves %llu regions, %llu were counted",
                     (unsigned long long)result.regions - (unsigned long long)wrong,
                     (unsigned long long)result.regions);
            ck_assert_msg(strstr(error.text, words) != NULL, "%s", error.text);
        }
        unlink(path);
    }
    wrong = 0;
    crease_domain_free(domain);
    crease_network_free(network);
    free(text);
}
END_TEST

/* Six lines and where they meet x = 0; a constant is the prime. */
START_TEST(places)
{
    static const char text[] =
        "{\"input\":2,\"layers\":[{\"activation\":\"relu\",\"bias\":[0,\"2305843009213693951\",1,3,"
        "1,2,-1],"
        "\"weight\":[[1,0],[1,1],[3,1],[\"1/10\",3],[0,1],[7,2],[0.5,-1]]},"
        "{\"activation\":\"linear\",\"weight\":[[1,1,1,1,1,1,1]],\"bias\":[0]}]}";
    crease_network *network = support_network(text);
    crease_model *model = crease_model_new(network, NULL);
    crease_map *map = crease_map_new(model, 0, 3);
    crease_recount recount;
    crease_subspace subspace = {.model = model};
    crease_recount_open(&recount, model);
    crease_map_first(map);
    /* On x = 0 units 2 to 6 vanish at y = -1, unit 1 elsewhere. */
    const struct {
        uint64_t set, places;
        size_t within;
        bool doubt;
    } ask[] = {
        {0x7e, 6, SIZE_MAX, false}, {0x7e, 5, SIZE_MAX, true}, {0x7e, 7, SIZE_MAX, true},
        {0x7c, 1, 0, false},        {0x7c, 2, 0, true},        {0x04, 1, 0, false},
        {0x7e, 2, 0, false},        {0x7e, 1, 0, true},        {0x7e, 3, 0, true},
    };
    for (size_t i = 0; i < REPEATS(ask); i++) {
        crease_recount_begin(&recount, map, &subspace);
        recount.within = ask[i].within;
        crease_recount_expect(&recount, &ask[i].set, 1, ask[i].places);
        ck_assert_msg(recount.doubt == ask[i].doubt, "question %zu", i);
    }
    crease_recount_close(&recount);
    crease_map_free(map);
    crease_model_free(model);
    crease_network_free(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("recount");
    TCase *tcase = support_case(suite, "recount", 60);
    tcase_add_loop_test(tcase, wrong_counts_leave_no_certificate, 0, REPEATS(kinds));
    tcase_add_test(tcase, places);
    return support_run(suite);
}
