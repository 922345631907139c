#include "search/interior_point.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/random.h"
#include "exact/simplex.h"
#include "exact/integer.h"
#include "lp/cone.h"
#include "model/coordinates.h"

#include <assert.h>
#include <stdlib.h>

enum { POINT_BITS = 16 };

/* A point of the box, coordinates in steps of 1/4096 of its width, or without one of [1/4, 3/4)^n
 * in steps of 1/4096. */
static void choose_point(const crease_domain *domain, size_t inputs, mpq_t *x)
{
    uint64_t state = 1;
    mpq_t step;
    mpq_init(step);
    for (size_t j = 0; j < inputs; j++) {
        mpq_set_ui(step, 1024 + (unsigned long)(crease_random_next(&state) % 2048), 4096);
        mpq_canonicalize(step);
        mpq_set(x[j], step);
        if (crease_domain_boxed(domain)) {
            mpq_sub(x[j], domain->hi[j], domain->lo[j]);
            mpq_mul(x[j], x[j], step);
            mpq_add(x[j], x[j], domain->lo[j]);
        }
    }
    mpq_clear(step);
}

/* ---- In the coordinates of the model ---- */

typedef struct {
    const crease_model *model;
    crease_cone *cone;
    mpz_t *V; /* a point in the interior of the box and the half-spaces so far */
    double *interior, *point;
} finder;

static const mpz_t *face(void *context, size_t i)
{
    const crease_model *model = ((finder *)context)->model;
    return (const mpz_t *)model->face + i * (model->inputs + 1);
}

/* The cone of v_n > 0 and the first faces; then, as a row to be tested, what is left out by the
 * next one. */
static void load(finder *f, size_t faces)
{
    const crease_model *model = f->model;
    size_t d = model->inputs + 1;
    crease_cone_clear(f->cone, d, model->reach, face, f);
    crease_cone_add(f->cone, model->face_value + model->faces * d, 1, 1, 0, 1, model->faces);
    for (size_t i = 0; i <= faces; i++)
        crease_cone_add(f->cone, model->face_value + i * d, 1, 1, model->face_error[i],
                        i < faces ? 1 : -1, i);
    assert(crease_cone_rows(f->cone) == faces + 2);
    crease_cone_load(f->cone);
}

/* Moves V into the first faces and the next one as well; it lies in the former. */
static bool enter_wall(finder *f, size_t faces)
{
    const crease_model *model = f->model;
    size_t d = model->inputs + 1;
    bool found;
    load(f, faces);
    crease_integer_to_doubles(f->interior, (const mpz_t *)f->V, d);
    if (!crease_cone_cuts(f->cone, faces + 1, f->interior, f->point, &found))
        return false;
    if (found) {
        crease_integer_from_doubles(f->V, f->point, d);
        return true;
    }
    crease_exact_row *row = crease_alloc(faces + 2, sizeof *row);
    for (size_t i = 0; i <= faces; i++)
        row[i] = (crease_exact_row){face(f, i), 1};
    row[faces + 1] = (crease_exact_row){face(f, model->faces), 1};
    for (size_t j = 0; j < d; j++)
        mpz_set_ui(f->V[j], 0);
    bool open = crease_simplex_interior(d, faces + 2, row, f->V);
    free(row);
    return open;
}

/* Without a box, what the model has dropped is 0. */
static void drop_inputs(const crease_model *model, size_t inputs, mpq_t *x)
{
    for (size_t j = 0, k = 0; j < inputs; j++) {
        bool kept = k < model->inputs && model->kept[k] == j;
        k += kept;
        if (!kept)
            mpq_set_ui(x[j], 0, 1);
    }
}

bool crease_interior_find(const crease_model *model, const crease_domain *domain,
                          const crease_proposer *proposer, crease_tally *tally, mpq_t *x,
                          size_t inputs, size_t *guilty)
{
    size_t n = model->inputs, sides = model->faces - model->halves;
    choose_point(domain, inputs, x);
    if (domain && !crease_domain_boxed(domain))
        drop_inputs(model, inputs, x);
    if (crease_domain_contains(domain, x, true))
        return true;
    finder f = {model, crease_cone_new(proposer, tally), crease_integer_new(n + 1),
                crease_alloc(n + 1, sizeof(double)), crease_alloc(n + 1, sizeof(double))};
    bool open = true;
    crease_model_from_inputs(model, x, f.V);
    for (size_t i = 0; i < model->halves && open && !crease_interrupted(); i++) {
        *guilty = i + 1;
        if (crease_integer_dot_sign(face(&f, sides + i), (const mpz_t *)f.V, n + 1) <= 0)
            open = enter_wall(&f, sides + i);
    }
    if (open && !crease_interrupt_raised())
        crease_model_to_inputs(model, (const mpz_t *)f.V, x);
    crease_cone_free(f.cone);
    crease_integer_free(f.V, n + 1);
    free(f.interior);
    free(f.point);
    return open;
}

/* x = the nearest point below with coordinates in steps of 2^-bits. */
static void round_point(mpq_t *x, const crease_domain *domain, mpq_t *interior, unsigned long bits)
{
    mpz_t floor;
    mpz_init(floor);
    for (size_t j = 0; j < domain->inputs; j++) {
        mpq_mul_2exp(x[j], interior[j], bits);
        mpz_fdiv_q(floor, mpq_numref(x[j]), mpq_denref(x[j]));
        mpq_set_z(x[j], floor);
        mpq_div_2exp(x[j], x[j], bits);
    }
    mpz_clear(floor);
}

void crease_interior_write(crease_trace *trace, const crease_model *model,
                           const crease_domain *domain, mpq_t *interior)
{
    unsigned long bits = 0;
    mpq_t *x = crease_alloc(domain->inputs, sizeof *x);
    for (size_t j = 0; j < domain->inputs; j++)
        mpq_init(x[j]);
    for (;; bits += POINT_BITS) {
        round_point(x, domain, interior, bits);
        if (crease_domain_contains(domain, x, true) || crease_interrupted())
            break;
    }
    crease_trace_point(trace, (long)bits);
    for (size_t k = 0; k < model->inputs; k++) {
        mpq_t *out = &x[model->kept[k]];
        mpq_mul_2exp(*out, *out, bits);
        crease_trace_big_numerator(trace, mpq_numref(*out));
    }
    crease_trace_point_end(trace);
    for (size_t j = 0; j < domain->inputs; j++)
        mpq_clear(x[j]);
    free(x);
}
