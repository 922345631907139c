#include "api/boundary_planes.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/fractions.h"
#include "exact/integer.h"
#include "model/model.h"
#include "regions/ridges.h"
#include "regions/units.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* Digits of text. */
enum { BASE = 62, FIRST_STATE = '0' };

typedef struct {
    char *text; /* the classes, and the row of the hyperplane with a positive leading number */
    size_t classes[2];
    size_t pieces;
} plane;

/* A piece of a plane that has several. */
typedef struct {
    char *text; /* of its plane, and the pattern that names it */
    size_t classes[2];
    size_t edges;
    char **beyond; /* edges: texts of what is beyond its ridges */
    size_t parent; /* a joined piece */
} cell;

struct crease_planes {
    const crease_network *network;
    crease_network *lowered; /* or NULL: the network needs no lowering */
    size_t classes, units, decisions;
    plane *plane; /* sorted by crease_planes_count, each once */
    size_t planes, plane_room;
    cell *cell;
    size_t cells, cell_room;
    omp_lock_t one; /* for the lists */
};

crease_planes *crease_planes_new(const crease_network *network, size_t classes)
{
    crease_planes *p = crease_alloc(1, sizeof *p);
    p->network = network;
    p->lowered = crease_network_lower(network);
    p->classes = classes;
    p->units = crease_units_count(network);
    p->decisions = crease_network_decisions(p->lowered ? p->lowered : network);
    omp_init_lock(&p->one);
    return p;
}

void crease_planes_free(crease_planes *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->planes; i++)
        free(p->plane[i].text);
    for (size_t i = 0; i < p->cells; i++) {
        for (size_t k = 0; k < p->cell[i].edges; k++)
            free(p->cell[i].beyond[k]);
        free(p->cell[i].beyond);
        free(p->cell[i].text);
    }
    free(p->plane);
    free(p->cell);
    crease_network_free(p->lowered);
    omp_destroy_lock(&p->one);
    free(p);
}

/* Room for one more. */
static void *with_room(void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    *room = *room ? *room + *room / 2 : 256;
    return list ? crease_realloc(list, *room, size) : crease_alloc(*room, size);
}

/* ---- Names ---- */

/* The caller frees the text; there is room for `more` bytes after it. */
static char *plane_text(const crease_piece *piece, size_t more)
{
    size_t n = crease_region_inputs(piece->part), length = 3, sign = 0;
    mpz_t *row = crease_integer_new(n + 1);
    crease_region_facet_integers(piece->part, piece->facet, row);
    while (!mpz_sgn(row[sign]))
        sign++;
    bool negative = mpz_sgn(row[sign]) < 0;
    for (size_t j = 0; j <= n; j++) {
        if (negative)
            mpz_neg(row[j], row[j]);
        length += mpz_sizeinbase(row[j], BASE) + 2;
    }
    char *text = crease_alloc(length + more + 1, 1), *end = text;
    *end++ = (char)(FIRST_STATE + piece->classes[0]);
    *end++ = (char)(FIRST_STATE + piece->classes[1]);
    for (size_t j = 0; j <= n; j++) {
        *end++ = ' ';
        mpz_get_str(end, BASE, row[j]);
        end += strlen(end);
    }
    *end++ = ' ';
    crease_integer_free(row, n + 1);
    return text;
}

/* Appends the pattern of the region that contains x + e (towards - x) + (e^2, e^3, ...). */
static void append_pattern(const crease_planes *p, char *text, mpq_t *x, mpq_t *towards)
{
    uint8_t *pattern = crease_alloc(p->decisions, 1), *state = crease_alloc(p->units, 1);
    char *end = text + strlen(text);
    crease_model_pattern_at(p->lowered ? p->lowered : p->network, x, towards, pattern);
    crease_units_states(p->network, pattern, state);
    for (size_t u = 0; u < p->units; u++)
        end[u] = (char)(FIRST_STATE + state[u]);
    end[p->units] = 0;
    free(pattern);
    free(state);
}

static int by_plane(const void *a, const void *b)
{
    return strcmp(((const plane *)a)->text, ((const plane *)b)->text);
}

static int by_cell(const void *a, const void *b)
{
    return strcmp(((const cell *)a)->text, ((const cell *)b)->text);
}

/* ---- Planes ---- */

void crease_planes_add(crease_planes *p, crease_piece *piece)
{
    assert(piece->classes[0] < piece->classes[1]);
    char *text = plane_text(piece, 0);
    omp_set_lock(&p->one);
    p->plane = with_room(p->plane, p->planes, &p->plane_room, sizeof *p->plane);
    p->plane[p->planes++] = (plane){text, {piece->classes[0], piece->classes[1]}, 1};
    omp_unset_lock(&p->one);
}

uint64_t crease_planes_count(crease_planes *p, uint64_t *between, bool *shared)
{
    size_t count = 0;
    *shared = false;
    if (p->planes)
        qsort(p->plane, p->planes, sizeof *p->plane, by_plane);
    for (size_t i = 0; i < p->planes; i++)
        if (count && !strcmp(p->plane[count - 1].text, p->plane[i].text)) {
            p->plane[count - 1].pieces++;
            free(p->plane[i].text);
            *shared = true;
        } else {
            between[p->plane[i].classes[0] * p->classes + p->plane[i].classes[1]]++;
            p->plane[count++] = p->plane[i];
        }
    p->planes = count;
    return count;
}

/* ---- Ridges ---- */

/* Sets c and what is beyond its ridges; x: a point of the piece. */
static void find_beyond(const crease_planes *p, crease_piece *piece, mpq_t *x, cell *c)
{
    size_t n = p->network->inputs, facets = crease_region_facets(piece->part);
    mpq_t *z = crease_fractions_new(n), *towards = crease_fractions_new(n);
    c->beyond = crease_alloc(facets, sizeof *c->beyond);
    for (size_t k = 0; k < facets; k++) {
        if (k == piece->facet || !crease_region_neighbour(piece->part, k) ||
            !crease_region_ridge_point(piece->part, piece->facet, k, z))
            continue;
        for (size_t j = 0; j < n; j++) {
            mpq_add(towards[j], z[j], z[j]);
            mpq_sub(towards[j], towards[j], x[j]);
        }
        c->beyond[c->edges] = plane_text(piece, p->units);
        append_pattern(p, c->beyond[c->edges++], z, towards);
    }
    crease_fractions_free(z, n);
    crease_fractions_free(towards, n);
}

void crease_planes_cross(crease_planes *p, crease_piece *piece)
{
    size_t n = p->network->inputs;
    char *text = plane_text(piece, p->units);
    const plane *own =
        bsearch(&(plane){.text = text}, p->plane, p->planes, sizeof *p->plane, by_plane);
    if (!own)
        crease_fatal("boundary: a plane is not known");
    if (own->pieces == 1) {
        free(text);
        return;
    }
    cell c = {.text = text, .classes = {piece->classes[0], piece->classes[1]}};
    mpq_t *x = crease_fractions_new(n);
    crease_region_facet_point(piece->part, piece->facet, x);
    append_pattern(p, text, x, x);
    find_beyond(p, piece, x, &c);
    crease_fractions_free(x, n);
    omp_set_lock(&p->one);
    p->cell = with_room(p->cell, p->cells, &p->cell_room, sizeof *p->cell);
    p->cell[p->cells++] = c;
    omp_unset_lock(&p->one);
}

/* ---- Joined pieces ---- */

static size_t root_of(crease_planes *p, size_t i)
{
    while (p->cell[i].parent != i) {
        p->cell[i].parent = p->cell[p->cell[i].parent].parent;
        i = p->cell[i].parent;
    }
    return i;
}

/* Each pair that is joined is found from both sides. */
static void unite(crease_planes *p)
{
    size_t upwards = 0, downwards = 0;
    for (size_t i = 0; i < p->cells; i++)
        for (size_t k = 0; k < p->cell[i].edges; k++) {
            const cell *other = bsearch(&(cell){.text = p->cell[i].beyond[k]}, p->cell, p->cells,
                                        sizeof *p->cell, by_cell);
            if (!other)
                continue;
            size_t to = (size_t)(other - p->cell);
            upwards += to > i;
            downwards += to < i;
            p->cell[root_of(p, to)].parent = root_of(p, i);
        }
    if (upwards != downwards)
        crease_fatal("boundary: a ridge was seen from one side only");
}

uint64_t crease_planes_join(crease_planes *p, uint64_t *between)
{
    uint64_t count = 0;
    size_t shared = 0;
    if (p->cells)
        qsort(p->cell, p->cells, sizeof *p->cell, by_cell);
    for (size_t i = 0; i < p->cells; i++) {
        p->cell[i].parent = i;
        if (i && !strcmp(p->cell[i - 1].text, p->cell[i].text))
            crease_fatal("boundary: two pieces have one name");
    }
    unite(p);
    for (size_t i = 0; i < p->planes; i++)
        if (p->plane[i].pieces == 1) {
            between[p->plane[i].classes[0] * p->classes + p->plane[i].classes[1]]++;
            count++;
        } else {
            shared += p->plane[i].pieces;
        }
    if (shared != p->cells)
        crease_fatal("boundary: the second search found other pieces");
    for (size_t i = 0; i < p->cells; i++)
        if (p->cell[i].parent == i) {
            between[p->cell[i].classes[0] * p->classes + p->cell[i].classes[1]]++;
            count++;
        }
    return count;
}
