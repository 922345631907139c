/* Polygons of the regions of random networks with two inputs: they fill the window, each edge lies
 * between two of them, and two ways to find them agree.
 *
 * Environment: CREASE_RANDOM_NETS how many, CREASE_RANDOM_SEED the first. */
#include "regions/polygon.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/support.h"

#include <crease_pictures.h>
#include <crease_regions.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 10 };

typedef struct {
    mpq_t area;
    uint64_t bounded;
} sum;

static bool same_edge(const crease_polygon_edge *a, const crease_polygon_edge *b)
{
    return a->facet.kind == b->facet.kind && a->facet.place == b->facet.place &&
           a->facet.index == b->facet.index && a->forward == b->forward;
}

static bool same_corner(const crease_polygon *a, size_t i, const crease_polygon *b, size_t k)
{
    return mpq_equal(a->corner[2 * i], b->corner[2 * k]) &&
           mpq_equal(a->corner[2 * i + 1], b->corner[2 * k + 1]);
}

/* The same corners, in the same order where there is one. */
static void compare(const crease_polygon *a, const crease_polygon *b)
{
    size_t n = a->corners, shift = 0;
    support_require(a->bounded == b->bounded, "bounded by one way only");
    support_require(n == b->corners, "another number of corners");
    if (!a->bounded) {
        for (size_t i = 0; i < n; i++) {
            size_t k = 0;
            while (k < n && !same_corner(a, i, b, k))
                k++;
            support_require(k < n, "another corner");
        }
        return;
    }
    while (shift < n && !same_corner(a, 0, b, shift))
        shift++;
    support_require(shift < n, "another first corner");
    for (size_t i = 0; i < n; i++) {
        size_t k = (i + shift) % n;
        support_require(same_corner(a, i, b, k), "another corner");
        support_require(same_edge(&a->edge[i], &b->edge[k]), "another edge");
    }
}

static bool add_region(void *context, crease_region *region)
{
    sum *own = context;
    crease_polygon a, b;
    mpq_t area;
    mpq_init(area);
    crease_polygon_open(&a);
    crease_polygon_open(&b);
    crease_polygon_set(&a, region);
    crease_polygon_set_by_rows(&b, region);
    compare(&a, &b);
    support_require(a.bounded == crease_region_bounded(region), "not bounded as the region is");
    if (a.bounded) {
        crease_polygon_area(&a, area);
        char *text = mpq_get_str(NULL, 10, area), *volume = crease_region_volume_text(region);
        support_require(!strcmp(text, volume), "the area is not the volume");
        free(text);
        free(volume);
        mpq_add(own->area, own->area, area);
        own->bounded++;
    }
    crease_polygon_close(&a);
    crease_polygon_close(&b);
    mpq_clear(area);
    return true;
}

/* Every edge but those at the border belongs to two regions, which run along it in opposite
 * directions, say the same of it, and of which one is the first. */
static void check_edges(const crease_polygons *p)
{
    size_t *next = malloc((p->corners + 1) * sizeof *next);
    for (size_t r = 0; r < p->regions; r++)
        for (int64_t i = p->begin[r]; i < p->begin[r + 1]; i++)
            next[i] = (size_t)(i + 1 < p->begin[r + 1] ? i + 1 : p->begin[r]);
    for (size_t i = 0; i < p->corners; i++) {
        size_t found = 0;
        for (size_t k = 0; k < p->corners; k++) {
            if (memcmp(p->corner + 2 * i, p->corner + 2 * next[k], 2 * sizeof *p->corner) ||
                memcmp(p->corner + 2 * k, p->corner + 2 * next[i], 2 * sizeof *p->corner))
                continue;
            found++;
            support_require(p->layer[i] == p->layer[k] && p->unit[i] == p->unit[k],
                            "an edge with two units");
            support_require(p->first[i] + p->first[k] == 1, "an edge that is not drawn once");
        }
        support_require(found == (p->layer[i] >= 0), "an edge that is not between two regions");
    }
    free(next);
}

/* The sum of the areas is that of the box, as exact fractions. */
static void check_box(const char *json, const char *box)
{
    crease_error error;
    crease_result result;
    crease_options options;
    crease_polygons *polygons;
    crease_domain *domain;
    crease_network *network = support_network(json);
    sum own = {.bounded = 0};
    mpq_t side[2];
    mpq_inits(own.area, side[0], side[1], NULL);
    ck_assert_msg(!crease_domain_box(box, 2, &domain, &error), "%s", error.text);
    for (size_t j = 0; j < 2; j++)
        mpq_sub(side[j], domain->hi[j], domain->lo[j]);
    mpq_mul(side[0], side[0], side[1]);
    ck_assert_msg(!crease_regions(network, domain, NULL, CREASE_REGIONS_ONE_BY_ONE, add_region,
                                  &own, &result, &error),
                  "%s", error.text);
    ck_assert_msg(mpq_equal(own.area, side[0]), "the areas do not add up: %s in %s", json, box);
    ck_assert_uint_eq(own.bounded, result.regions);
    crease_options_default(&options);
    options.engine = CREASE_ENGINE_WALK;
    ck_assert(!crease_count(network, domain, &options, &result, &error));
    ck_assert_uint_eq(own.bounded, result.regions);
    ck_assert(!crease_polygons_find(network, domain, NULL, false, &polygons, &result, &error));
    ck_assert_uint_eq(own.bounded, polygons->regions);
    if (polygons->corners < 3000)
        check_edges(polygons);
    crease_polygons_free(polygons);
    mpq_clears(own.area, side[0], side[1], NULL);
    crease_domain_free(domain);
    crease_network_free(network);
}

static void check_plane(const char *json)
{
    crease_error error;
    crease_result result;
    crease_network *network = support_network(json);
    sum own = {.bounded = 0};
    mpq_init(own.area);
    ck_assert(!crease_regions(network, NULL, NULL, CREASE_REGIONS_ONE_BY_ONE, add_region, &own,
                              &result, &error));
    mpq_clear(own.area);
    crease_network_free(network);
}

static char *network_of(uint64_t seed)
{
    static const int widths[][5] = {{2, 5, 1}, {2, 4, 4, 1}, {2, 6, 3, 3, 2}, {2, 1, 3, 1}};
    static const int counts[] = {3, 4, 5, 4};
    uint64_t state = seed;
    size_t which = (size_t)nets_between(&state, 0, 3);
    for (int k = 0; k < 20 && seed % 2; k++) {
        char *json = nets_mixed(nets_random(&state), 8);
        oracle_net *net = oracle_read(json);
        bool good = net->input == 2;
        oracle_free(net);
        if (good)
            return json;
        free(json);
    }
    return nets_whole(widths[which], counts[which], 3, nets_random(&state));
}

START_TEST(random_nets)
{
    long total = count_setting("CREASE_RANDOM_NETS", 1000);
    uint64_t first = (uint64_t)count_setting("CREASE_RANDOM_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS) {
        uint64_t state = first + (uint64_t)i;
        char box[NETS_BOX], *json = network_of(state);
        nets_box(2, &state, box);
        check_box(json, box);
        check_box(json, "-1:1,-1/3:2/7");
        check_plane(json);
        free(json);
    }
}
END_TEST

/* On the line x = 4 y three pieces of the first unit are equal and largest, so that the regions on
 * both sides compare other pieces there. */
START_TEST(three_pieces)
{
    const char *json = "{\"input\": 2, \"layers\": [{\"weight\": [[1.5, 1], [2, -1], [1, 3]], "
                       "\"bias\": [-1, -1, -1], \"activation\": \"maxout\", \"rank\": 3}, "
                       "{\"weight\": [[1]], \"bias\": [0], \"activation\": \"linear\"}]}";
    check_box(json, "-1:1,-1/3:2/7");
    check_box(json, "0:100");
    check_plane(json);
}
END_TEST

/* More edges than the cells that carry rays have room for. */
START_TEST(many_corners)
{
    enum { SIDES = 150 };
    int widths[] = {2, SIDES, 1};
    oracle_net *net = nets_new(2, widths + 1, 2);
    char number[32];
    /* Tangents of a parabola, on whose inner side is one region with nearly all of them. */
    for (int i = 0; i < SIDES; i++) {
        int t = i - SIDES / 2;
        snprintf(number, sizeof number, "%d", 2 * t);
        nets_set(net, 0, i, 0, number);
        nets_set(net, 0, i, 1, "-1");
        snprintf(number, sizeof number, "%d", -t * t);
        nets_set(net, 0, i, 2, number);
        nets_set(net, 1, 0, i, "1");
    }
    char *json = nets_text(net, NULL);
    check_box(json, "-200:200,-1000:7000");
    oracle_free(net);
    free(json);
}
END_TEST

START_TEST(refused)
{
    int widths[] = {3, 2, 1};
    char *json = nets_whole(widths, 3, 2, 1);
    crease_network *network = support_network(json);
    crease_polygons *polygons;
    crease_result result;
    crease_error error;
    ck_assert_int_eq(crease_polygons_find(network, NULL, NULL, false, &polygons, &result, &error),
                     CREASE_INPUT);
    ck_assert(strstr(error.text, "3 inputs"));
    crease_network_free(network);
    free(json);
    widths[0] = 2;
    json = nets_whole(widths, 3, 2, 1);
    network = support_network(json);
    ck_assert_int_eq(crease_polygons_find(network, NULL, NULL, false, &polygons, &result, &error),
                     CREASE_INPUT);
    ck_assert(strstr(error.text, "box"));
    crease_network_free(network);
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("polygons");
    TCase *tcase = support_case(suite, "plane", 3600);
    tcase_add_loop_test(tcase, random_nets, 0, BLOCKS);
    tcase_add_test(tcase, many_corners);
    tcase_add_test(tcase, three_pieces);
    tcase_add_test(tcase, refused);
    return support_run(suite);
}
