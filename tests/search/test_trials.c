/* The bounds that one trial of an estimate proves (sample/tree.h), on networks where the bounds of
 * the cells that are left out are reached, so that a bound which is too small by one shows: the
 * regions lie between the bounds whatever the seed.  And where each cell was entered, the value is
 * the count.  The value of a trial does not depend on those before it. */
#include "base/limits.h"
#include "sample/tree.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <crease.h>
#include <math.h>
#include <stdlib.h>

enum { TRIALS = 40, FEW_TRIALS = 12 };

typedef struct {
    const char *json;
    uint64_t regions;
    size_t open;  /* trials that left cells out */
    size_t tight; /* of these, those whose upper bound is the count */
} tried;

static void try(tried *t, crease_tree *tree, const crease_guesses *guesses, const crease_most *most,
                uint64_t seed)
{
    crease_trial trial;
    crease_trial_proof proof = {.most = most};
    crease_trial_plan plan = {.guesses = guesses,
                              .whole = (double)t->regions,
                              .parts = seed % 3 ? 1 : 5,
                              .limit = 1e9,
                              .window = seed % 2 ? INFINITY : 1.5,
                              .seed = seed,
                              .proof = &proof};
    mpz_init(proof.upper);
    crease_tree_try(tree, &plan, &trial);
    ck_assert(trial.finished);
    ck_assert_msg(proof.lower <= t->regions && mpz_cmp_ui(proof.upper, t->regions) >= 0,
                  "seed %llu: from %llu to %lu, but %llu regions\n%s", (unsigned long long)seed,
                  (unsigned long long)proof.lower, mpz_get_ui(proof.upper),
                  (unsigned long long)t->regions, t->json);
    ck_assert(!trial.all || trial.value == (double)t->regions);
    ck_assert(!trial.all || (proof.lower == t->regions && !mpz_cmp_ui(proof.upper, t->regions)));
    t->open += !trial.all;
    t->tight += !trial.all && !mpz_cmp_ui(proof.upper, t->regions);
    mpz_clear(proof.upper);
}

/* Trials with both kinds of cells, or a few with rays if the number of regions is given, not 0.  If
 * they leave cells out, the upper bound is to be reached at least once.  Do they? */
static bool check(char *json, const char *box, uint64_t regions)
{
    crease_error error = {""};
    crease_domain *domain = NULL;
    crease_network *network = support_network(json), *lowered = crease_network_lower(network);
    ck_assert(!box || !count_domain(box, crease_network_inputs(network), &domain, &error));
    crease_model *model = crease_model_new(lowered ? lowered : network, domain);
    crease_most *most = crease_most_new(model);
    crease_guesses *guesses = crease_guesses_new(model);
    tried t = {.json = json, .regions = regions ? regions : count_all(json, box)};
    for (int kind = 0; kind < (regions ? 1 : 2); kind++) {
        crease_options options;
        crease_tally tally = {0};
        crease_options_default(&options);
        options.cell = kind ? CREASE_CELL_LP : CREASE_CELL_RAYS;
        crease_tree *tree = crease_tree_new(&(crease_task){
            .model = model, .options = &options, .proposer = &crease_lp_dense, .threads = 1});
        for (uint64_t seed = 1; seed <= (regions ? FEW_TRIALS : TRIALS); seed++)
            try(&t, tree, guesses, most, seed);
        crease_tree_free(tree, &tally);
    }
    ck_assert_msg(!t.open || t.tight, "of %zu trials none has a bound that is reached\n%s", t.open,
                  json);
    crease_guesses_free(guesses);
    crease_most_free(most);
    crease_model_free(model);
    crease_domain_free(domain);
    crease_network_free(lowered);
    crease_network_free(network);
    free(json);
    return t.open > 0;
}

/* All crossings of the later lines are on one side of the first line: there, as many regions as
 * lines can have.  If they are MANY, no cell counts them all at once. */
START_TEST(behind_a_line)
{
    enum { FEW = 6, MANY = 205 };
    static long row[3 * MANY] = {1, 0, 1000};
    for (long s = 1; s < MANY; s++) {
        row[3 * s] = s;
        row[3 * s + 1] = -1;
        row[3 * s + 2] = s * s;
    }
    for (int lines = 3; lines <= FEW; lines++) {
        check(nets_arrangement(2, lines, row), NULL, 0);
        check(nets_arrangement(2, lines, row), "-1e6:1e6", 0);
    }
    /* All pairs cross, in different points.  With tiny capacities, cells of
     * few lines are left out already. */
    ck_assert((int)CREASE_LIMIT_COUNT < (int)MANY ||
              check(nets_arrangement(2, MANY, row), "-1e6:1e6", 1 + MANY + MANY * (MANY - 1) / 2));
}
END_TEST

/* Where the first layer's unit is active, the next one has all its zeros; elsewhere it is
 * constant. */
START_TEST(behind_a_unit)
{
    const int widths[] = {1, 4, 1};
    for (int sign = -1; sign <= 1; sign += 2) {
        oracle_net *net = nets_new(1, widths, 3);
        nets_set(net, 0, 0, 0, sign > 0 ? "1" : "-1");
        for (int u = 0; u < widths[1]; u++) {
            const char *const bias[] = {"-1", "-2", "-3", "-4"};
            nets_set(net, 1, u, 0, "1");
            nets_set(net, 1, u, 1, bias[u]);
            nets_set(net, 2, 0, u, "1");
        }
        char *json = nets_text(net, NULL);
        oracle_free(net);
        ck_assert(check(json, "-9:9", 0));
    }
}
END_TEST

static double value(crease_tree *tree, const crease_guesses *guesses, uint64_t seed)
{
    crease_trial trial;
    crease_trial_plan plan = {.guesses = guesses,
                              .whole = 300,
                              .parts = 40,
                              .limit = 1e9,
                              .window = INFINITY,
                              .seed = seed};
    crease_tree_try(tree, &plan, &trial);
    return trial.value;
}

/* Planes, many of which meet in lines: in many cells of LPs it stays open how many regions there
 * are until these are visited. */
START_TEST(in_any_order)
{
    enum { PLANES = 18, ORDERED = 12 };
    long row[4 * PLANES];
    uint64_t state = 5;
    for (size_t i = 0; i < 4 * PLANES; i++)
        row[i] = nets_between(&state, -1, 1) + (i % 4 == i / 4 % 3);
    char *json = nets_arrangement(3, PLANES, row);
    crease_error error = {""};
    crease_domain *domain = NULL;
    crease_network *network = support_network(json);
    ck_assert(!count_domain("-3:3", 3, &domain, &error));
    crease_model *model = crease_model_new(network, domain);
    crease_guesses *guesses = crease_guesses_new(model);
    crease_options options;
    crease_tally tally = {0};
    crease_options_default(&options);
    options.cell = CREASE_CELL_LP;
    const crease_task task = {
        .model = model, .options = &options, .proposer = &crease_lp_dense, .threads = 1};
    crease_tree *all = crease_tree_new(&task);
    for (uint64_t seed = 1; seed <= ORDERED; seed++) {
        crease_tree *one = crease_tree_new(&task);
        double after = value(all, guesses, seed), alone = value(one, guesses, seed);
        ck_assert_msg(after == alone, "seed %llu: %g, after others %g", (unsigned long long)seed,
                      alone, after);
        crease_tree_free(one, &tally);
    }
    crease_tree_free(all, &tally);
    crease_guesses_free(guesses);
    crease_model_free(model);
    crease_domain_free(domain);
    crease_network_free(network);
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trials");
    TCase *tcase = support_case(suite, "trials", 600);
    tcase_add_test(tcase, behind_a_line);
    tcase_add_test(tcase, behind_a_unit);
    tcase_add_test(tcase, in_any_order);
    suite_add_tcase(suite, tcase);
    return support_run(suite);
}
