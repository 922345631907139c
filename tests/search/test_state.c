/* States of a count: the regions that a state has plus those of what it leaves to do are the
 * count, whatever the moment, the engine and the threads before and after. */
#include "support/nets.h"
#include "support/oracle.h"
#include "support/random_net.h"
#include "support/support.h"

#include "api/run_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STATES = 12 };

static size_t states_seen;

typedef struct {
    crease_network *network;
    crease_domain *domain;
    crease_options options;
    crease_state state[MOST_STATES];
    crease_patterns patterns[MOST_STATES];
    size_t states, seen,
        stop_at; /* stop_at: the state after which the search is to stop, 0: none */
} run;

static const char *const boxes[] = {NULL, "-1:1", "0:3"};

static void forget(run *r, size_t s)
{
    crease_stacks_clear(&r->state[s].open);
    if (r->state[s].patterns) {
        free((void *)r->patterns[s].done);
        free((void *)r->patterns[s].run->pattern);
        free((void *)r->patterns[s].run);
    }
    memset(&r->state[s], 0, sizeof r->state[s]);
}

static void copy_patterns(crease_patterns *to, const crease_patterns *from)
{
    uint8_t *done = malloc(from->count / 8 + 1), *all = malloc(from->count * from->bytes + 1);
    crease_run *one = malloc(sizeof *one);
    size_t at = 0;
    memcpy(done, from->done, (from->count + 7) / 8);
    for (size_t i = 0; i < from->runs; at += from->run[i++].count * from->bytes)
        memcpy(all + at, from->run[i].pattern, from->run[i].count * from->bytes);
    ck_assert_uint_eq(at, from->count * from->bytes);
    *one = (crease_run){all, from->count};
    *to = (crease_patterns){from->bytes, from->count, done, one, 1};
}

/* Keeps copies of the first states, of one now and then, and of the last. */
static bool keep(void *context, crease_state *now, bool end)
{
    run *r = context;
    size_t slot = r->states < MOST_STATES ? r->states : r->seen % MOST_STATES;
    if (r->states < MOST_STATES || end || r->seen % 16 == 0) {
        forget(r, slot);
        r->states += r->states < MOST_STATES;
        r->state[slot] = *now;
        r->state[slot].open = (crease_stacks){NULL, 0, 0};
        for (size_t i = 0; i < now->open.count; i++)
            crease_stacks_add(&r->state[slot].open, now->open.stack[i].step,
                              now->open.stack[i].steps);
        if (now->patterns) {
            copy_patterns(&r->patterns[slot], now->patterns);
            r->state[slot].patterns = &r->patterns[slot];
        }
    }
    return ++r->seen != r->stop_at;
}

static bool ignore(void *context, crease_state *now, bool end)
{
    return context && now && (end || !end);
}

/* Between the seeds, and the states: 4 goes through all boxes and numbers of threads. */
static size_t step(void)
{
    return getenv("CREASE_LONG") ? 1 : 4;
}

static uint64_t count_from(run *r, const crease_state *from, bool keeps, uint64_t limit)
{
    crease_result result;
    crease_error error = {""};
    crease_options options = r->options;
    double pause = options.engine == CREASE_ENGINE_WALK ? 8 : 0;
    crease_keeper keeper = {
        .from = from, .pause = pause, .save = keeps ? keep : ignore, .context = r};
    options.limit_regions = limit;
    if (from && options.engine == CREASE_ENGINE_SPLIT)
        options.cell = from->rays ? CREASE_CELL_RAYS : CREASE_CELL_LP;
    if (keeps) {
        for (size_t s = 0; s < r->states; s++)
            forget(r, s);
        r->states = r->seen = 0;
    }
    crease_status status = crease_search(r->network, r->domain, &options, NULL,
                                         keeps || from ? &keeper : NULL, &result, &error);
    ck_assert_msg(!status, "%s", error.text);
    ck_assert(limit || (keeps && r->stop_at) || result.complete);
    return result.regions;
}

/* Goes on from every state that was kept, without CREASE_LONG from every fourth. */
static void check_states(run *r, uint64_t expected, const char *json)
{
    int threads = r->options.threads;
    states_seen += r->states;
    for (size_t s = 0; s < r->states; s += step()) {
        const crease_state *state = &r->state[s];
        r->options.threads = 1 + (int)(s % 3);
        uint64_t regions = count_from(r, state, false, 0);
        if (regions != expected) {
            fprintf(stderr, "%s\n", json);
            ck_abort_msg("state %zu of %zu has %llu regions and %zu open cells, then %llu of %llu",
                         s, r->states, (unsigned long long)state->regions.word[0],
                         state->open.count, (unsigned long long)regions,
                         (unsigned long long)expected);
        }
        ck_assert(crease_whole_word(&state->regions) <= expected);
    }
    r->options.threads = threads;
}

static void check_net(char *json, const char *box, crease_engine engine, crease_cell_kind cell,
                      int threads, uint64_t seed)
{
    run r = {.network = support_network(json)};
    crease_error error = {""};
    crease_options_default(&r.options);
    r.options.engine = engine;
    r.options.cell = cell;
    r.options.threads = threads;
    if (box)
        ck_assert(!crease_domain_box(box, crease_network_inputs(r.network), &r.domain, &error));
    uint64_t expected = count_from(&r, NULL, false, 0);
    ck_assert_uint_eq(count_from(&r, NULL, true, 0), expected);
    check_states(&r, expected, json);
    r.stop_at = 1 + (size_t)nets_between(&seed, 0, 5);
    ck_assert_uint_le(count_from(&r, NULL, true, 0), expected);
    check_states(&r, expected, json);
    r.stop_at = 0;
    count_from(&r, NULL, true, 1 + expected / (uint64_t)nets_between(&seed, 1, 9));
    check_states(&r, expected, json);
    for (size_t s = 0; s < MOST_STATES; s++)
        forget(&r, s);
    crease_domain_free(r.domain);
    crease_network_free(r.network);
}

/* Layers of maxout, clip and relu units with small whole weights. */
static char *mixed(uint64_t seed)
{
    static const char *const kind[] = {"\"maxout\", \"rank\": 3",
                                       "\"clip\", \"low\": -1, \"high\": 1", "\"relu\"",
                                       "\"maxout\", \"rank\": 4"};
    char *text = calloc(1, 1 << 16);
    int inputs = (int)nets_between(&seed, 1, 3), fan = inputs, at;
    at = sprintf(text, "{\"input\": %d, \"layers\": [", inputs);
    for (int l = 0; l < 3; l++) {
        int k = (int)nets_between(&seed, 0, 3), width = l == 2 ? 1 : (int)nets_between(&seed, 2, 3);
        int rows = l == 2 ? 1 : width * (k == 0 ? 3 : k == 3 ? 4 : 1);
        at += sprintf(text + at, "%s{\"activation\": %s, \"weight\": [", l ? ", " : "",
                      l == 2 ? "\"linear\"" : kind[k]);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < fan; j++)
                at += sprintf(text + at, "%s%ld%s",
                              j   ? ", "
                              : i ? ", ["
                                  : "[",
                              nets_between(&seed, -3, 3), j + 1 == fan ? "]" : "");
        at += sprintf(text + at, "], \"bias\": [");
        for (int i = 0; i < rows; i++)
            at += sprintf(text + at, "%s%ld", i ? ", " : "", nets_between(&seed, -2, 2));
        at += sprintf(text + at, "]}");
        fan = width;
    }
    sprintf(text + at, "]}");
    return text;
}

static void check_ways(char *json, uint64_t seed)
{
    const char *box = boxes[seed % 3];
    int threads = 1 + (int)(seed / 3 % 3);
    check_net(json, box, CREASE_ENGINE_SPLIT, CREASE_CELL_AUTO, threads, seed);
    check_net(json, box, CREASE_ENGINE_SPLIT, CREASE_CELL_LP, threads, seed);
    check_net(json, box, CREASE_ENGINE_WALK, CREASE_CELL_AUTO, threads, seed);
    free(json);
}

START_TEST(small)
{
    for (uint64_t seed = 0; seed < 12; seed += step())
        check_ways(nets_small(100 * (uint64_t)_i + seed, 10, 3), seed);
}
END_TEST

START_TEST(maxout)
{
    for (uint64_t seed = 0; seed < 12; seed += step())
        check_ways(mixed(100 * (uint64_t)_i + seed), seed);
}
END_TEST

START_TEST(larger)
{
    static const int width[][5] = {
        {3, 16, 12, 1, 0}, {2, 24, 20, 1, 0}, {4, 10, 8, 6, 1}, {6, 13, 1, 0, 0}};
    int count = 0;
    while (count < 5 && width[_i][count])
        count++;
    char *json = random_net(width[_i], count, 7);
    for (int threads = 1; threads <= 3; threads++) {
        if (!getenv("CREASE_LONG") && threads != 1 + _i % 3)
            continue;
        check_net(json, NULL, CREASE_ENGINE_SPLIT, CREASE_CELL_AUTO, threads, 3);
        check_net(json, "-1:1", CREASE_ENGINE_SPLIT, CREASE_CELL_LP, threads, 4);
        check_net(json, "-1:1", CREASE_ENGINE_WALK, CREASE_CELL_AUTO, threads, 4);
    }
    free(json);
    ck_assert_uint_gt(states_seen, getenv("CREASE_LONG") ? 100 : 30);
}
END_TEST

/* A brute-force count of the whole, so that states are not only right beside one another. */
START_TEST(oracle)
{
    char *json = nets_small(77, 8, 2);
    long expected = oracle_count(json, "-1:1");
    run r = {.network = support_network(json), .stop_at = 1};
    crease_error error = {""};
    crease_options_default(&r.options);
    r.options.engine = CREASE_ENGINE_SPLIT;
    ck_assert(!crease_domain_box("-1:1", crease_network_inputs(r.network), &r.domain, &error));
    ck_assert_uint_eq(count_from(&r, NULL, true, 0), 0);
    const crease_state *first = &r.state[r.states - 1];
    ck_assert_uint_eq(crease_whole_word(&first->regions), 0);
    ck_assert_uint_eq(first->open.count, 1);
    ck_assert_int_eq((long)count_from(&r, first, false, 0), expected);
    for (size_t s = 0; s < MOST_STATES; s++)
        forget(&r, s);
    crease_domain_free(r.domain);
    crease_network_free(r.network);
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state");
    TCase *tcase = support_case(suite, "state", 600);
    int rounds = getenv("CREASE_LONG") ? 20 : 1;
    tcase_add_loop_test(tcase, small, 0, rounds);
    tcase_add_loop_test(tcase, maxout, 0, rounds);
    tcase_add_loop_test(tcase, larger, 0, 4);
    tcase_add_test(tcase, oracle);
    return support_run(suite);
}
