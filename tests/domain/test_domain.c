/* Counts in domains of half-spaces, against the oracle and closed forms.
 *
 * Environment: CREASE_RANDOM_NETS how many random networks, CREASE_RANDOM_SEED the first; without
 * CREASE_LONG a sample of the others. */
#include "support/counting.h"
#include "support/domains.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/random_net.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 10 };

static crease_status try_count(const char *json, const char *domain, crease_engine engine,
                               uint64_t *regions, crease_error *error)
{
    crease_network *network = support_network(json);
    crease_domain *space = NULL;
    crease_options options;
    crease_result result;
    crease_options_default(&options);
    options.engine = engine;
    options.threads = 1;
    crease_status status = count_domain(domain, crease_network_inputs(network), &space, error);
    ck_assert_msg(!status, "%s: %s", error->text, domain);
    status = crease_count(network, space, &options, &result, error);
    *regions = result.regions;
    crease_domain_free(space);
    crease_network_free(network);
    return status;
}

/* Without interior points every way to count refuses. */
static void check(const char *json, const char *domain)
{
    long oracle = oracle_count(json, domain);
    if (oracle) {
        uint64_t found = count_all(json, domain);
        ck_assert_msg(found == (uint64_t)oracle, "%llu regions, the oracle says %ld:\n%s\n%s",
                      (unsigned long long)found, oracle, json, domain);
        return;
    }
    for (int engine = CREASE_ENGINE_WALK; engine <= CREASE_ENGINE_SPLIT; engine++) {
        uint64_t regions;
        crease_error error = {""};
        crease_status status = try_count(json, domain, (crease_engine)engine, &regions, &error);
        ck_assert_msg(status == CREASE_INPUT && strstr(error.text, "no interior"),
                      "status %d, \"%s\", for an empty domain:\n%s\n%s", (int)status, error.text,
                      json, domain);
    }
}

/* ---- Small cases ---- */

#define RELU(weight, bias)                                                                         \
    "{\"weight\": " weight ", \"bias\": " bias ", \"activation\": \"relu\"}, "
#define LINEAR(weight, bias)                                                                       \
    "{\"weight\": " weight ", \"bias\": " bias ", \"activation\": \"linear\"}"
#define NET(input, layers) "{\"input\": " input ", \"layers\": [" layers "]}"
#define DOMAIN(A, b) "{\"A\": " A ", \"b\": " b "}"

/* The lines x = 1 and x = 2 in three dimensions. */
#define WALLS NET("3", RELU("[[1, 0, 0], [1, 0, 0]]", "[-1, -2]") LINEAR("[[1, 1]]", "[0]"))
/* relu of x, y, and of their sum less 1. */
#define CROSS                                                                                      \
    NET("2", RELU("[[1, 0], [0, 1]]", "[0, 0]") RELU("[[1, 1]]", "[-1]") LINEAR("[[1]]", "[0]"))
#define TRIANGLE(size) DOMAIN("[[-1, 0], [0, -1], [1, 1]]", "[0, 0, " size "]")

static const struct {
    const char *json, *domain;
    long regions; /* 0: no interior */
} small[] = {
    /* Nothing switches, or nothing depends on the input. */
    {NET("2", LINEAR("[[1, 2]]", "[3]")), TRIANGLE("1"), 1},
    {NET("2", RELU("[[0, 0], [0, 0]]", "[1, -1]") LINEAR("[[1, 1]]", "[0]")), TRIANGLE("1"), 1},
    {NET("2", LINEAR("[[1, 2]]", "[3]")), TRIANGLE("0"), 0},
    {NET("3", LINEAR("[[0, 0, 0]]", "[0]")), DOMAIN("[[0, 1, 0], [0, -3, 0]]", "[\"1/3\", -1]"), 0},
    {NET("3", LINEAR("[[0, 0, 0]]", "[0]")), DOMAIN("[[0, 1, 0], [0, -3, 0]]", "[\"0.34\", -1]"),
     1},
    /* No half-space at all. */
    {CROSS, DOMAIN("[]", "[]"), 7},
    /* Faces beside, on and behind the lines; half-spaces of inputs that no weight reads. */
    {WALLS, DOMAIN("[[1, 0, 0]]", "[1]"), 1},
    {WALLS, DOMAIN("[[-1, 0, 0]]", "[-1]"), 2},
    {WALLS, DOMAIN("[[2, 0, 0], [-2, 0, 0]]", "[3, -3]"), 0},
    {WALLS, DOMAIN("[[0, 1, 0]]", "[0]"), 3},
    {WALLS, DOMAIN("[[0, 1, 0], [0, -1, 1]]", "[0, -7]"), 3},
    {WALLS, DOMAIN("[[1, 1, 0], [0, -1, 0]]", "[0, 1]"), 1},
    {WALLS, DOMAIN("[[1, 1, 0], [0, -1, 0]]", "[0, \"1.0000000000000000001\"]"), 2},
    /* A triangle with its corner and sides on the lines: of its size, 1 by hand. */
    {CROSS, TRIANGLE("1"), 1},
    {CROSS, TRIANGLE("\"1.000000000000000000000001\""), 2},
    {CROSS, TRIANGLE("\"1e-40\""), 1},
    {CROSS, TRIANGLE("\"1e400\""), 2},
    {CROSS, TRIANGLE("0"), 0},
    {CROSS, TRIANGLE("-1"), 0},
    {CROSS, TRIANGLE("\"-1e-40\""), 0},
    /* Slits 2^-60 wide and far away. */
    {WALLS,
     DOMAIN("[[1, 0, 0], [-1, 0, 0]]", "[\"1152921504606846977/1152921504606846976\", "
                                       "\"-1152921504606846975/1152921504606846976\"]"),
     2},
    {NET("1", RELU("[[1], [1]]", "[\"-1000000.00000005\", \"-1000000.00000025\"]")
                  LINEAR("[[1, 1]]", "[0]")),
     DOMAIN("[[1], [-1]]", "[\"1000000.0000002\", -1000000]"), 2},
    /* A triangle in a unit square far away: it touches one line and crosses the other. */
    {NET("2",
         RELU("[[1, 0], [0, 1]]", "[\"-1000000.5\", \"-1000000.25\"]") LINEAR("[[1, 1]]", "[0]")),
     "{\"A\": [[1, 1]], \"b\": [2000000.5], \"box\": [[1000000, 1000001], [1000000, 1000001]]}", 2},
};

START_TEST(small_domains)
{
    long oracle = oracle_count(small[_i].json, small[_i].domain);
    ck_assert_msg(oracle == small[_i].regions, "the oracle says %ld, not %ld: %s", oracle,
                  small[_i].regions, small[_i].domain);
    check(small[_i].json, small[_i].domain);
}
END_TEST

/* On a side, on a corner, inside and outside of the triangle, whose sides are lines of units that
 * are on beyond one of them. */
static const char sides[] = NET("2", RELU("[[1, 0], [0, 1], [1, 1], [1, 0]]", "[0, 0, -2, -1]")
                                         LINEAR("[[1, 1, 1, 1]]", "[0]"));
static const struct {
    const char *start;
    bool good;
} starts[] = {{"0,0", true},       {"1/2,3/2", true}, {"2,0", true},         {"0,1", true},
              {"1,1", true},       {"1/3,0", true},   {"1/2,1/2", true},     {"0,2", true},
              {"-1e-30,0", false}, {"3,3", false},    {"1,1.0000001", false}};

START_TEST(start_points)
{
    crease_network *network = support_network(sides);
    crease_domain *domain = NULL;
    crease_options options;
    crease_result result;
    crease_error error = {""};
    ck_assert(!count_domain(TRIANGLE("2"), 2, &domain, &error));
    crease_options_default(&options);
    options.engine = CREASE_ENGINE_WALK;
    options.start = starts[_i].start;
    crease_status status = crease_count(network, domain, &options, &result, &error);
    ck_assert_msg(!status == starts[_i].good, "%s: status %d %s", starts[_i].start, (int)status,
                  error.text);
    if (starts[_i].good)
        ck_assert_uint_eq(result.regions, 2);
    else
        ck_assert_ptr_nonnull(strstr(error.text, "outside the domain"));
    crease_domain_free(domain);
    crease_network_free(network);
}
END_TEST

/* Above all tangent planes, at points of a grid, of the paraboloid z = x^2 + y^2: a face for each,
 * four of them through every vertex. */
static char *paraboloid(int points)
{
    char *text;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    for (int pass = 0; pass < 2; pass++) {
        fprintf(file, pass ? "], \"b\": [" : "{\"A\": [");
        for (int i = 0; i < points * points; i++) {
            int p = i / points - points / 2, q = i % points - points / 2;
            if (pass)
                fprintf(file, "%s%d", i ? ", " : "", p * p + q * q);
            else
                fprintf(file, "%s[%d, %d, -1]", i ? ", " : "", 2 * p, 2 * q);
        }
    }
    fprintf(file, "]}");
    fclose(file);
    return text;
}

START_TEST(many_faces)
{
    int widths[] = {3, 12, 8, 1};
    char *json = random_net(widths, 4, 5);
    for (int points = 2; points <= 13; points += points < 5 ? 1 : 4) {
        char *domain = paraboloid(points);
        ck_assert_uint_ge(count_all(json, domain), 10);
        if (points < 4)
            check("{\"input\": 3, \"layers\": [" RELU("[[1, 1, 0], [0, 1, -1], [2, 0, -1]]",
                                                      "[0, 1, 1]")
                      LINEAR("[[1, 1, 1]]", "[0]") "]}",
                  domain);
        free(domain);
    }
    free(json);
}
END_TEST

START_TEST(random_domains)
{
    uint64_t first = (uint64_t)count_setting("CREASE_RANDOM_SEED", 1);
    long nets = count_setting("CREASE_RANDOM_NETS", 400) / BLOCKS;
    for (long i = 0; i < nets; i++) {
        uint64_t seed = first + (uint64_t)(_i * nets + i);
        char *json = seed % 3 ? nets_small(seed, 9, 2) : nets_mixed(seed, 6);
        char *domain = domains_random(json, (domain_kind)(seed % DOMAIN_KINDS), seed);
        check(json, domain);
        free(json);
        free(domain);
    }
}
END_TEST

/* Open-connected regions and affine maps, all activations. */
START_TEST(random_definitions)
{
    uint64_t first = (uint64_t)count_setting("CREASE_RANDOM_SEED", 1);
    long nets = count_setting("CREASE_RANDOM_NETS", 400) / 4 / BLOCKS + 1;
    for (long i = 0; i < nets; i++) {
        uint64_t seed = first + (uint64_t)(_i * nets + i);
        char *json = nets_mixed(seed, 6);
        char *domain = domains_random(json, DOMAIN_AROUND, seed);
        count_same(count_classes(json, domain, 2), oracle_classify(json, domain), json, domain);
        free(json);
        free(domain);
    }
}
END_TEST

/* ---- Closed forms: the unit cubes of a grid ---- */

/* One hidden layer of the hyperplanes x_j = i for 1 <= i < k. */
static char *grid(int n, int k)
{
    int widths[] = {n * (k - 1), 1};
    oracle_net *net = nets_new(n, widths, 2);
    for (int j = 0; j < n; j++)
        for (int i = 1; i < k; i++) {
            mpq_set_si(*nets_at(net, 0, j * (k - 1) + i - 1, j), 1, 1);
            mpq_set_si(*nets_at(net, 0, j * (k - 1) + i - 1, n), -i, 1);
        }
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

/* x_j >= 0, or the box [0, k]^n, and sum x_j <= k or, if beyond, sum x_j >= k. */
static char *corner(int n, int k, bool box, bool beyond)
{
    char *text;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    fprintf(file, "{\"A\": [[");
    for (int j = 0; j < n; j++)
        fprintf(file, "%s%d", j ? ", " : "", beyond ? -2 : 2);
    fprintf(file, "]");
    for (int i = 0; i < n && !box; i++)
        for (int j = 0; j < n; j++)
            fprintf(file, "%s\"%s\"%s", j ? ", " : ", [", i == j ? "-1/3" : "0",
                    j + 1 < n ? "" : "]");
    fprintf(file, "], \"b\": [%d", beyond ? -2 * k : 2 * k);
    for (int i = 0; i < n && !box; i++)
        fprintf(file, ", 0");
    fprintf(file, "]");
    for (int j = 0; j < n && box; j++)
        fprintf(file, "%s[0, %d]", j ? ", " : ", \"box\": [", k);
    fprintf(file, box ? "]}" : "}");
    fclose(file);
    return text;
}

static long choose(long n, long k)
{
    return k < 0 || k > n ? 0 : k == 0 ? 1 : choose(n - 1, k - 1) * n / k;
}

/* Cubes with corner c >= 0 meet the interior of sum x <= k iff sum c < k: C(k - 1 + n, n) of them;
 * and that of sum x >= k iff sum c + n > k. */
START_TEST(cubes)
{
    for (int n = 1; n <= (getenv("CREASE_LONG") ? 5 : 3); n++)
        for (int k = 2; k <= (n < 4 ? 5 : 3); k++) {
            char *json = grid(n, k), *plain = corner(n, k, false, false);
            char *boxed = corner(n, k, true, false), *beyond = corner(n, k, true, true);
            long within = choose(k - 1 + n, n), all = 1, outside;
            for (int j = 0; j < n; j++)
                all *= k;
            /* By x -> k - x, sum x >= k becomes sum x <= (n - 1) k: inclusion and exclusion over
             * the coordinates c_j >= k. */
            outside = 0;
            for (int i = 0; i <= n; i++)
                outside += (i % 2 ? -1 : 1) * choose(n, i) * choose((n - 1 - i) * k - 1 + n, n);
            ck_assert_uint_eq(count_all(json, plain), (uint64_t)within);
            ck_assert_uint_eq(count_all(json, boxed), (uint64_t)within);
            if (n > 1)
                ck_assert_uint_eq(count_all(json, beyond), (uint64_t)outside);
            ck_assert(outside <= all);
            free(json);
            free(plain);
            free(boxed);
            free(beyond);
        }
}
END_TEST

/* ---- Larger networks: engines and cells must agree ---- */

static const struct {
    int width[6];
    int halves;
    bool bounded; /* all faces touch a ball, and are enough to enclose it */
} large[] = {
    {{1, 60, 40, 1}, 2, true},    {{2, 24, 24, 1}, 9, true},    {{2, 30, 20, 1}, 2, false},
    {{3, 16, 12, 1}, 12, true},   {{3, 20, 1}, 40, true},       {{3, 16, 10, 1}, 2, false},
    {{4, 10, 8, 6, 1}, 10, true}, {{4, 12, 8, 1}, 3, false},    {{5, 10, 8, 1}, 14, true},
    {{5, 3, 12, 1}, 6, false},    {{6, 9, 6, 1}, 16, true},     {{6, 8, 8, 1}, 4, false},
    {{7, 9, 4, 1}, 20, true},     {{8, 4, 12, 8, 1}, 3, false}, {{3, 10, 8, 1}, 200, true},
};

/* Half-spaces a.x <= b, the entries of a in 1/8 and b from 1 to 3; if bounded, the first ones are
 * x_j >= -1 and sum x_j <= 2. */
static char *large_domain(int n, int halves, bool bounded, uint64_t seed)
{
    char *text;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    for (int pass = 0; pass < 2; pass++) {
        uint64_t state = seed;
        fprintf(file, pass ? "], \"b\": [" : "{\"A\": [");
        for (int i = 0; i < halves; i++) {
            fprintf(file, "%s%s", i ? ", " : "", pass ? "" : "[");
            for (int j = 0; j < n; j++) {
                long a = nets_between(&state, -16, 16);
                if (bounded && i <= n)
                    a = i == n ? 8 : -8 * (i == j);
                if (!pass)
                    fprintf(file, "%s%g", j ? ", " : "", (double)(a ? a : i >= n) / 8);
            }
            long b = nets_between(&state, 8, 24);
            fprintf(file, pass ? "%g" : "]", (double)(bounded && i < n ? 8 : b) / 8);
        }
    }
    fprintf(file, "]}");
    fclose(file);
    return text;
}

START_TEST(large_domains)
{
    int count = 0;
    if (!getenv("CREASE_LONG") && _i % 5 != 4)
        return;
    while (large[_i].width[count])
        count++;
    for (uint64_t seed = 1; seed <= (getenv("CREASE_LONG") ? 5 : 1); seed++) {
        char *json = random_net(large[_i].width, count, seed);
        char *domain = large_domain(large[_i].width[0], large[_i].halves, large[_i].bounded, seed);
        uint64_t regions = count_all(json, domain);
        if (getenv("CREASE_VERBOSE"))
            fprintf(stderr, "%d inputs, %d half-spaces: %llu regions\n", large[_i].width[0],
                    large[_i].halves, (unsigned long long)regions);
        ck_assert_msg(regions > 20, "%llu regions", (unsigned long long)regions);
        free(json);
        free(domain);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("domain");
    TCase *tcase = support_case(suite, "domain", 1200);
    tcase_add_loop_test(tcase, small_domains, 0, (int)REPEATS(small));
    tcase_add_loop_test(tcase, start_points, 0, (int)REPEATS(starts));
    tcase_add_test(tcase, many_faces);
    tcase_add_test(tcase, cubes);
    tcase_add_loop_test(tcase, large_domains, 0, (int)REPEATS(large));
    tcase_add_loop_test(tcase, random_domains, 0, BLOCKS);
    tcase_add_loop_test(tcase, random_definitions, 0, BLOCKS);
    return support_run(suite);
}
