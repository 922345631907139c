/* Identification: the classes of cells with one image, against brute force that finds the cells by
 * exact linear programs and compares their images as sets of fractions; every cell against one of
 * each class; closed forms of folds. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/nets_maxout.h"
#include "support/support.h"

#include <crease_identify.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CELLS = 150 };

/* ---- Brute force, for one or two inputs in a box ---- */

/* A cell: its inequalities, and the corners of its image, with the values of live rows. */
typedef struct {
    bool *live; /* rows of the layer as two for each unit, or comparisons and pieces */
    int corners, length;
    mpq_t *corner; /* corners x length */
    int class;
} cell;

typedef struct {
    const oracle_layer *layer; /* the one that is entered */
    bool last;
    int count, rows; /* of live */
    cell cell[MOST_CELLS];
} entry;

/* Is the function, n + 1 fractions, > 0 somewhere in the region? */
static bool positive(const oracle_region *r, mpq_t *f, int sign)
{
    int n = r->inputs;
    mpz_t *row = oracle_whole_zeros((r->rows + 1) * (n + 1)), den;
    mpz_init_set_ui(den, 1);
    for (int i = 0; i < r->rows * (n + 1); i++)
        mpz_set(row[i], r->row[i]);
    for (int j = 0; j <= n; j++)
        mpz_lcm(den, den, mpq_denref(f[j]));
    for (int j = 0; j <= n; j++) {
        mpz_t *to = &row[r->rows * (n + 1) + j];
        mpz_divexact(*to, den, mpq_denref(f[j]));
        mpz_mul(*to, *to, mpq_numref(f[j]));
        if (sign < 0)
            mpz_neg(*to, *to);
    }
    bool is = oracle_feasible(row, r->rows + 1, n);
    oracle_drop_whole(row, (r->rows + 1) * (n + 1));
    mpz_clear(den);
    return is;
}

/* The rows of the lowered layer, and whether they are live: sign (f - shift) > 0 somewhere. */
static void find_live(const entry *b, const oracle_region *r, mpq_t *f, bool *live)
{
    const oracle_layer *layer = b->layer;
    int n = r->inputs, k = 0, units = layer->width - layer->carry;
    mpq_t *shifted = oracle_zeros((size_t)n + 1);
    for (int u = 0; u < units && layer->kind != ORACLE_MAXOUT; u++)
        for (int part = 0; part < (layer->kind == ORACLE_RELU ? 1 : 2); part++, k++) {
            for (int j = 0; j <= n; j++)
                mpq_set(shifted[j], f[u * (n + 1) + j]);
            if (layer->kind == ORACLE_CLIP)
                mpq_sub(shifted[n], shifted[n], layer->parameter[part]);
            live[k] = positive(r, shifted, layer->kind != ORACLE_CLIP && part ? -1 : 1);
        }
    oracle_drop(shifted, (size_t)n + 1);
}

/* The points where n of the inequalities are equalities and all others hold. */
static void find_corners(const oracle_region *r, mpq_t *f, cell *to)
{
    int n = r->inputs;
    mpq_t x[2], sum, term;
    mpz_t det, a;
    mpq_inits(x[0], x[1], sum, term, NULL);
    mpz_inits(det, a, NULL);
    for (int i = 0; i < r->rows; i++)
        for (int k = n == 1 ? i : i + 1; k < (n == 1 ? i + 1 : r->rows); k++) {
            mpz_t *p = &r->row[i * (n + 1)], *q = &r->row[k * (n + 1)];
            mpz_set(det, p[0]);
            if (n == 2) {
                mpz_mul(det, p[0], q[1]);
                mpz_submul(det, p[1], q[0]);
            }
            if (!mpz_sgn(det))
                continue;
            for (int j = 0; j < n; j++) { /* Cramer's rule */
                mpz_neg(a, p[1]);
                if (n == 2) {
                    mpz_mul(a, p[1 - j], q[2]);
                    mpz_submul(a, p[2], q[1 - j]);
                    if (j)
                        mpz_neg(a, a);
                }
                mpq_set_num(x[j], a);
                mpq_set_den(x[j], det);
                mpq_canonicalize(x[j]);
            }
            bool inside = true;
            for (int h = 0; h < r->rows && inside; h++) {
                mpq_set_z(sum, r->row[h * (n + 1) + n]);
                for (int j = 0; j < n; j++) {
                    mpq_set_z(term, r->row[h * (n + 1) + j]);
                    mpq_mul(term, term, x[j]);
                    mpq_add(sum, sum, term);
                }
                inside = mpq_sgn(sum) >= 0;
            }
            if (!inside)
                continue;
            to->corner = oracle_need(realloc(
                to->corner, ((size_t)to->corners + 1) * ((size_t)to->length + 1) * sizeof(mpq_t)));
            for (int u = 0; u < to->length; u++) {
                mpq_t *value = &to->corner[to->corners * to->length + u];
                mpq_init(*value);
                mpq_set(*value, f[u * (n + 1) + n]);
                for (int j = 0; j < n; j++) {
                    mpq_mul(term, f[u * (n + 1) + j], x[j]);
                    mpq_add(*value, *value, term);
                }
            }
            to->corners++;
        }
    mpq_clears(x[0], x[1], sum, term, NULL);
    mpz_clears(det, a, NULL);
}

/* Is corner i of a in the convex hull of b's corners?  If not, a linear function has a smaller
 * value there than at all of them. */
static bool in_hull(const cell *a, int i, const cell *b)
{
    int m = a->length;
    mpz_t *row = oracle_whole_zeros(b->corners * (m + 1)), den;
    mpq_t difference;
    mpq_init(difference);
    mpz_init(den);
    for (int k = 0; k < b->corners; k++) {
        mpz_set_ui(den, 1);
        for (int pass = 0; pass < 2; pass++)
            for (int u = 0; u < m; u++) {
                mpq_sub(difference, b->corner[k * m + u], a->corner[i * m + u]);
                if (!pass) {
                    mpz_lcm(den, den, mpq_denref(difference));
                    continue;
                }
                mpz_t *to = &row[k * (m + 1) + u];
                mpz_divexact(*to, den, mpq_denref(difference));
                mpz_mul(*to, *to, mpq_numref(difference));
            }
    }
    bool apart = oracle_feasible(row, b->corners, m);
    oracle_drop_whole(row, b->corners * (m + 1));
    mpq_clear(difference);
    mpz_clear(den);
    return !apart;
}

static bool same_image(const entry *b, const cell *x, const cell *y)
{
    if (memcmp(x->live, y->live, (size_t)b->rows * sizeof(bool)))
        return false;
    bool same = true;
    for (int i = 0; i < x->corners && same; i++)
        same = in_hull(x, i, y);
    for (int i = 0; i < y->corners && same; i++)
        same = in_hull(y, i, x);
    return same;
}

/* Of a unit, which is live in both of its rows or one, the value; of maxout units, the pieces. */
static void add_cell(void *context, const oracle_region *r)
{
    entry *b = context;
    int n = r->inputs, units = b->layer->width - b->layer->carry;
    ck_assert_int_lt(b->count, MOST_CELLS);
    cell *own = &b->cell[b->count++];
    *own = (cell){.live = oracle_need(calloc((size_t)b->rows + 1, sizeof(bool)))};
    find_live(b, r, r->map, own->live);
    mpq_t *f = oracle_zeros((size_t)(r->outputs * (n + 1)));
    int parts = b->layer->kind == ORACLE_RELU ? 1 : 2;
    for (int u = 0; u < r->outputs; u++) {
        bool carried = u >= units;
        bool live = carried ? !b->last : own->live[u * parts] || own->live[u * parts + parts - 1];
        for (int j = 0; j <= n && live; j++)
            mpq_set(f[own->length * (n + 1) + j], r->map[u * (n + 1) + j]);
        own->length += live;
    }
    find_corners(r, f, own);
    oracle_drop(f, (size_t)(r->outputs * (n + 1)));
}

/* The first layers, and layer l as a linear one. */
static char *cut_before(const char *json, int l)
{
    oracle_net *net = oracle_read(json);
    oracle_net *cut = nets_blank(net->input, l + 1);
    for (int i = 0; i <= l; i++) {
        const oracle_layer *from = &net->layer[i];
        oracle_layer *to = &cut->layer[i];
        oracle_shape(to, from->fan, i < l ? from->kind : ORACLE_LINEAR, i < l ? from->rank : 1,
                     i < l ? from->width : from->rows, i < l ? from->carry : 0);
        for (int k = 0; k < from->rows * (from->fan + 1); k++)
            mpq_set(to->row[k], from->row[k]);
        for (int k = 0; k < 2; k++)
            mpq_set(to->parameter[k], from->parameter[k]);
    }
    char *text = nets_text(cut, NULL);
    oracle_free(cut);
    oracle_free(net);
    return text;
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* "1: 3 x 1, 2 x 4": the layer, then images with one cell, with four. */
static char *sizes_of(const entry *b, int l)
{
    int size[MOST_CELLS] = {0}, classes = 0;
    for (int i = 0; i < b->count; i++) {
        cell *own = (cell *)&b->cell[i];
        own->class = -1;
        for (int k = 0; k < i && own->class < 0; k++)
            if (same_image(b, own, &b->cell[k]))
                own->class = b->cell[k].class;
        if (own->class < 0)
            own->class = classes++;
        size[own->class]++;
    }
    qsort(size, (size_t)classes, sizeof *size, by_number);
    char *text = oracle_need(calloc(1, 40 + 30 * (size_t)classes));
    size_t at = (size_t)sprintf(text, "%d:", l);
    for (int i = 0, same; i < classes; i += same) {
        for (same = 0; i + same < classes && size[i + same] == size[i];)
            same++;
        at += (size_t)sprintf(text + at, " %d x %d", same, size[i]);
    }
    return text;
}

static void free_entry(entry *b)
{
    for (int i = 0; i < b->count; i++) {
        free(b->cell[i].live);
        for (int k = 0; k < b->cell[i].corners * b->cell[i].length; k++)
            mpq_clear(b->cell[i].corner[k]);
        free(b->cell[i].corner);
    }
    free(b);
}

static char *found_sizes(const crease_border_images *own)
{
    char *text = oracle_need(calloc(1, 40 + 60 * own->sizes));
    size_t at = (size_t)sprintf(text, "%zu:", own->layer);
    for (size_t i = 0; i < own->sizes; i++)
        at += (size_t)sprintf(text + at, " %llu x %s", (unsigned long long)own->size[i].images,
                              own->size[i].cells);
    return text;
}

/* ---- The library ---- */

/* NULL if cells do not carry their rays, which happens where the domain is unbounded. */
static crease_identification *identify(const char *json, const char *box, crease_merging merge,
                                       int threads)
{
    crease_options options;
    crease_error error = {""};
    crease_identification *found;
    crease_domain *domain = NULL;
    crease_network *network = support_network(json);
    crease_options_default(&options);
    options.merge = merge;
    options.threads = threads;
    ck_assert_msg(!box || !count_domain(box, crease_network_inputs(network), &domain, &error), "%s",
                  error.text);
    crease_status status = crease_identify(network, domain, &options, &found, &error);
    ck_assert_msg(status ? !box && strstr(error.text, "rays") : found->complete, "%s\n%s",
                  error.text, json);
    crease_domain_free(domain);
    crease_network_free(network);
    return found;
}

/* Activations by kind, whole weights with many coincidences. */
static char *network_of(int kind, uint64_t *state)
{
    const oracle_kind kinds[] = {ORACLE_RELU, ORACLE_LEAKY, ORACLE_ABS, ORACLE_CLIP};
    int layers = (int)nets_between(state, 2, 3), fan = (int)nets_between(state, 1, 2);
    oracle_net *net = nets_blank(fan, layers + 1);
    for (int l = 0; l <= layers; l++) {
        oracle_kind own = l == layers ? ORACLE_LINEAR
                          : kind < 4  ? kinds[kind]
                                      : kinds[nets_between(state, 0, 3)];
        int width = (int)nets_between(state, 1, own == ORACLE_RELU ? 4 : 2);
        int carry = l < layers && nets_between(state, 0, 4) == 0;
        oracle_layer *layer = &net->layer[l];
        oracle_shape(layer, fan, own, 1, width + carry, carry);
        for (int k = 0; k < layer->rows * (fan + 1); k++)
            mpq_set_si(layer->row[k], nets_between(state, -1, 1), 1);
        mpq_set_si(layer->parameter[0], own == ORACLE_CLIP ? -1 : 1, own == ORACLE_LEAKY ? 4 : 1);
        mpq_set_si(layer->parameter[1], 1, 1);
        fan = width + carry;
    }
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}

static long compare_by_force(const char *json, const char *box)
{
    oracle_net *net = oracle_read(json);
    crease_identification *found = identify(json, box, CREASE_MERGE_ON, 1);
    int last = net->count - 1;
    long merged = 0;
    while (net->layer[last].kind == ORACLE_LINEAR)
        last--;
    for (int l = 1; l <= last; l++) {
        entry *b = oracle_need(calloc(1, sizeof *b));
        char *cut = cut_before(json, l);
        b->layer = &net->layer[l];
        b->last = l == last;
        b->rows = (b->layer->kind == ORACLE_RELU ? 1 : 2) * (b->layer->width - b->layer->carry);
        oracle_regions(cut, box, add_cell, b);
        char *want = sizes_of(b, l);
        ck_assert_uint_ge(found->borders, (size_t)l);
        char *got = found_sizes(&found->border[l - 1]);
        ck_assert_msg(!strcmp(want, got), "%s instead of %s in %s\n%s", got, want, box, json);
        merged += b->count - (long)found->border[l - 1].images;
        free_entry(b);
        free(want);
        free(got);
        free(cut);
    }
    long regions = oracle_count(json, box);
    char text[32];
    snprintf(text, sizeof text, "%ld", regions);
    ck_assert_str_eq(found->regions, text);
    crease_identification_free(found);
    oracle_free(net);
    return merged;
}

START_TEST(brute_force)
{
    long nets = count_setting("CREASE_IDENTIFY_NETS", 40), merged = 0;
    uint64_t state = (uint64_t)_i + 77;
    for (long i = 0; i < nets; i++) {
        char *json = network_of(_i, &state);
        merged += compare_by_force(json, nets_between(&state, 0, 1) ? "-1:1" : "-2:3");
        free(json);
    }
    ck_assert_msg(merged > 0, "no images were equal");
}
END_TEST

static void same(const crease_identification *a, const crease_identification *b, const char *json)
{
    ck_assert_msg(!strcmp(a->regions, b->regions) && a->borders == b->borders,
                  "%s or %s regions\n%s", a->regions, b->regions, json);
    for (size_t i = 0; i < a->borders; i++) {
        char *x = found_sizes(&a->border[i]), *y = found_sizes(&b->border[i]);
        ck_assert_msg(!strcmp(x, y), "%s or %s\n%s", x, y, json);
        ck_assert_str_eq(a->border[i].cells, b->border[i].cells);
        free(x);
        free(y);
    }
}

/* Every cell, or one of each class, by one thread or several; all domains, maxout as well. */
START_TEST(every_cell)
{
    long nets = count_setting("CREASE_IDENTIFY_NETS", 40);
    uint64_t state = (uint64_t)_i + 5;
    for (long i = 0; i < nets; i++) {
        char box[NETS_BOX], *json = _i ? nets_mixed(nets_random(&state), 9) : network_of(4, &state);
        crease_network *network = support_network(json);
        nets_box((int)crease_network_inputs(network), &state, box);
        crease_network_free(network);
        const char *where = nets_between(&state, 0, 2) ? box : NULL;
        crease_identification *all = identify(json, where, CREASE_MERGE_OFF, 1);
        for (int threads = 1; all && threads <= 4; threads += 3) {
            crease_identification *one = identify(json, where, CREASE_MERGE_ON, threads);
            same(all, one, json);
            crease_identification_free(one);
        }
        crease_identification_free(all);
        free(json);
    }
}
END_TEST

/* Every layer of a fold maps all cells onto the whole domain. */
START_TEST(folds)
{
    for (int kind = 0; kind < 2; kind++) {
        char *json = kind ? nets_zigzag(3, 7) : nets_fold(6, 6, 2);
        crease_identification *found = identify(json, "0:1", CREASE_MERGE_AUTO, 2);
        mpz_t cells;
        mpz_init_set_ui(cells, 1);
        ck_assert_uint_eq(found->borders, 6);
        for (size_t b = 0; b < found->borders; b++) {
            const crease_border_images *own = &found->border[b];
            mpz_mul_ui(cells, cells, kind ? 4 : 9);
            char *text = mpz_get_str(NULL, 10, cells);
            ck_assert_uint_eq(own->images, 1);
            ck_assert_str_eq(own->cells, text);
            ck_assert_str_eq(own->largest, text);
            free(text);
        }
        mpz_mul_ui(cells, cells, 4); /* the last zigzag, or two lines that meet */
        char *text = mpz_get_str(NULL, 10, cells);
        ck_assert_str_eq(found->regions, text);
        free(text);
        mpz_clear(cells);
        crease_identification_free(found);
        free(json);
    }
}
END_TEST

/* On all of R the images are lines, rays and segments: of an even function, x and -x. */
START_TEST(lines)
{
    const char *even = "{\"input\": 1, \"layers\": [{\"weight\": [[1], [-1]], \"bias\": [0, 0], "
                       "\"activation\": \"relu\"}, {\"weight\": [[1, 1], [-1, -1]], \"bias\": "
                       "[-1, 2], \"activation\": \"relu\"}, {\"weight\": [[1, 1]], \"bias\": [0], "
                       "\"activation\": \"linear\"}]}";
    /* The second layer sees |x| and y: two images that contain lines. */
    const char *wide = "{\"input\": 2, \"layers\": [{\"weight\": [[1, 0], [0, 1]], \"bias\": [0, "
                       "0], \"activation\": \"abs\"}, {\"weight\": [[1, 0], [1, 0]], \"bias\": "
                       "[-1, 1], \"activation\": \"relu\"}, {\"weight\": [[1, 1]], \"bias\": [0], "
                       "\"activation\": \"linear\"}]}";
    /* |x| - 1 in a layer of its own, which has no states and yet a number. */
    const char *between =
        "{\"input\": 1, \"layers\": [{\"weight\": [[1], [-1]], \"bias\": [0, 0], "
        "\"activation\": \"relu\"}, {\"weight\": [[1, 1]], \"bias\": [-1], "
        "\"activation\": \"linear\"}, {\"weight\": [[1], [-1]], \"bias\": [0, 3], "
        "\"activation\": \"relu\"}, {\"weight\": [[1, 1]], \"bias\": [0], "
        "\"activation\": \"linear\"}]}";
    const char *nets[] = {even, wide, between};
    const char *sizes[] = {"1: 1 x 2", "1: 1 x 4", "2: 1 x 2"}, *regions[] = {"6", "8", "6"};
    for (int i = 0; i < 3; i++) {
        crease_identification *found = identify(nets[i], NULL, CREASE_MERGE_ON, 1);
        ck_assert_uint_eq(found->borders, 1);
        char *text = found_sizes(&found->border[0]);
        ck_assert_str_eq(text, sizes[i]);
        ck_assert_str_eq(found->regions, regions[i]);
        free(text);
        crease_identification_free(found);
    }
}
END_TEST

START_TEST(refused)
{
    crease_options options;
    crease_identification *found;
    crease_error error = {""};
    char *json = nets_zigzag(2, 2);
    crease_network *network = support_network(json);
    for (int i = 0; i < 4; i++) {
        const char *names[] = {"engine: ", "cell: ", "merge: ", "definition: "};
        crease_options_default(&options);
        options.engine = i == 0 ? CREASE_ENGINE_WALK : CREASE_ENGINE_AUTO;
        options.cell = i == 1 ? CREASE_CELL_LP : CREASE_CELL_AUTO;
        options.merge = i == 2 ? (crease_merging)3 : CREASE_MERGE_AUTO;
        options.definition = i == 3 ? CREASE_DEFINITION_AFFINE : CREASE_DEFINITION_ACTIVATION;
        ck_assert_int_eq(crease_identify(network, NULL, &options, &found, &error), CREASE_INPUT);
        ck_assert_ptr_null(found);
        ck_assert_msg(!strncmp(error.text, names[i], strlen(names[i])) ||
                          (i == 3 && strstr(error.text, "definition")),
                      "%s", error.text);
    }
    crease_network_free(network);
    free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("identify");
    TCase *tcase = support_case(suite, "identify", 600);
    tcase_add_loop_test(tcase, brute_force, 0, 5);
    tcase_add_loop_test(tcase, every_cell, 0, 2);
    tcase_add_test(tcase, folds);
    tcase_add_test(tcase, lines);
    tcase_add_test(tcase, refused);
    return support_run(suite);
}
