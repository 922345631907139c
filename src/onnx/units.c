#include "onnx/onnx.h"

#include "base/memory.h"

#include <stdlib.h>

crease_onnx_units *crease_onnx_units_new(crease_activation activation, size_t rank, size_t units,
                                         crease_affine **row)
{
    crease_onnx_units *u = crease_alloc(1, sizeof *u);
    u->activation = activation;
    u->rank = rank;
    u->units = u->outputs = units;
    u->terms = 1;
    u->row = row;
    mpq_inits(u->parameter[0], u->parameter[1], NULL);
    return u;
}

void crease_onnx_units_factors(crease_onnx_units *units, size_t outputs, size_t terms)
{
    units->outputs = outputs;
    units->terms = terms;
    units->factor = crease_alloc(outputs * terms, sizeof *units->factor);
    for (size_t i = 0; i < outputs * terms; i++)
        mpq_init(units->factor[i]);
}

void crease_onnx_units_offsets(crease_onnx_units *units)
{
    units->offset = crease_alloc(units->outputs, sizeof *units->offset);
}

void crease_onnx_units_free(crease_onnx *reader, crease_onnx_units *units)
{
    if (!units)
        return;
    for (size_t i = 0; i < units->units * units->rank; i++)
        crease_affine_release(&reader->meter, units->row[i]);
    for (size_t i = 0; units->offset && i < units->outputs; i++)
        crease_affine_release(&reader->meter, units->offset[i]);
    for (size_t i = 0; units->factor && i < units->outputs * units->terms; i++)
        mpq_clear(units->factor[i]);
    mpq_clears(units->parameter[0], units->parameter[1], NULL);
    free(units->row);
    free(units->index);
    free(units->factor);
    free(units->offset);
    free(units);
}

/* A row may be a piece, and every unit has one at least. */
crease_status crease_onnx_fits(crease_onnx_node *node, size_t units, size_t rank)
{
    if (rank > CREASE_MAX_RANK)
        return crease_onnx_fail(node, "the largest of %zu, at most %d are allowed", rank,
                                CREASE_MAX_RANK);
    if (units > CREASE_MAX_UNITS)
        return crease_onnx_fail(node, "more than %d hidden units", CREASE_MAX_UNITS);
    return CREASE_OK;
}

/* ---- Constants ---- */

/* The activation of a number. */
static void apply(const crease_onnx_units *u, mpq_t z)
{
    if (u->activation == CREASE_CLIP) {
        if (mpq_cmp(z, u->parameter[0]) < 0)
            mpq_set(z, u->parameter[0]);
        if (mpq_cmp(z, u->parameter[1]) > 0)
            mpq_set(z, u->parameter[1]);
    } else if (mpq_sgn(z) < 0) {
        if (u->activation == CREASE_ABS)
            mpq_neg(z, z);
        else /* slope 0 for relu */
            mpq_mul(z, z, u->parameter[0]);
    }
}

static void evaluate(const crease_onnx_units *u, size_t unit, mpq_t z)
{
    mpq_set(z, u->row[unit * u->rank]->constant);
    for (size_t k = 1; k < u->rank; k++)
        if (mpq_cmp(u->row[unit * u->rank + k]->constant, z) > 0)
            mpq_set(z, u->row[unit * u->rank + k]->constant);
    if (u->activation != CREASE_MAXOUT)
        apply(u, z);
}

/* Adds output i to the sum, all units being constants. */
static void add_output(crease_onnx *reader, const crease_onnx_units *u, size_t i, mpq_t z)
{
    for (size_t k = i * u->terms; k < (i + 1) * u->terms; k++) {
        evaluate(u, u->index ? u->index[k] : k, z);
        crease_affine_add_constant(reader->sum, z, u->factor ? (const mpq_t *)&u->factor[k] : NULL);
    }
    if (u->offset)
        crease_affine_add(reader->sum, u->offset[i], NULL);
}

static bool all_constant(const crease_onnx_units *u)
{
    for (size_t i = 0; i < u->units * u->rank; i++)
        if (u->row[i]->terms)
            return false;
    return true;
}

crease_status crease_onnx_ask(crease_onnx_node *node, crease_onnx_units *u, int type, size_t rank,
                              const size_t *dim)
{
    crease_onnx *reader = node->reader;
    crease_onnx_value *to = crease_onnx_output(node, 0);
    bool constant = all_constant(u);
    crease_status status = constant ? CREASE_OK : crease_onnx_fits(node, u->units, u->rank);
    if (!status)
        status = crease_onnx_make(node, to, constant ? CREASE_ONNX_AFFINE : CREASE_ONNX_LATER, type,
                                  rank, dim);
    if (!status && !constant) {
        node->switches = u;
        return CREASE_OK;
    }
    mpq_t z;
    mpq_init(z);
    for (size_t i = 0; i < u->outputs && !status; i++) {
        add_output(reader, u, i, z);
        crease_onnx_close(reader, to, i);
    }
    mpq_clear(z);
    crease_onnx_units_free(reader, u);
    return status;
}

/* ---- The largest of several ---- */

/* Two pieces, of which in every unit piece k is constant: max(z - c, 0) + c. */
static void against_constant(crease_onnx_node *node, crease_onnx_units *u, size_t k)
{
    crease_affine_meter *meter = &node->reader->meter;
    mpq_t minus;
    mpq_init(minus);
    mpq_set_si(minus, -1, 1);
    crease_onnx_units_offsets(u);
    for (size_t i = 0; i < u->units; i++) {
        crease_affine *z = u->row[2 * i + !k], *c = u->row[2 * i + k];
        u->offset[i] = c;
        crease_affine_add(node->reader->sum, z, NULL);
        crease_affine_add(node->reader->sum, c, (const mpq_t *)&minus);
        u->row[i] = crease_affine_sum_close(node->reader->sum);
        crease_affine_release(meter, z);
    }
    u->rank = 1;
    u->activation = CREASE_RELU;
    mpq_clear(minus);
}

static bool constant_piece(const crease_onnx_units *u, size_t k)
{
    for (size_t i = 0; i < u->units; i++)
        if (u->row[i * u->rank + k]->terms)
            return false;
    return true;
}

static void negate(crease_onnx *reader, crease_affine **row, size_t rows)
{
    mpq_t minus;
    mpq_init(minus);
    mpq_set_si(minus, -1, 1);
    for (size_t i = 0; i < rows; i++) {
        crease_affine_add(reader->sum, row[i], (const mpq_t *)&minus);
        crease_affine_release(&reader->meter, row[i]);
        row[i] = crease_affine_sum_close(reader->sum);
    }
    mpq_clear(minus);
}

/* The output of a smallest is minus the unit, and minus its offset. */
static void turn(crease_onnx *reader, crease_onnx_units *u)
{
    crease_onnx_units_factors(u, u->units, 1);
    for (size_t i = 0; i < u->units; i++)
        mpq_set_si(u->factor[i], -1, 1);
    if (u->offset)
        negate(reader, u->offset, u->units);
}

crease_status crease_onnx_extreme(crease_onnx_node *node, bool smallest, size_t pieces, int type,
                                  size_t rank, const size_t *dim, crease_affine **row)
{
    crease_onnx *reader = node->reader;
    size_t count = crease_onnx_count(rank, dim);
    crease_onnx_value *to = crease_onnx_output(node, 0);
    crease_onnx_units *u = crease_onnx_units_new(CREASE_MAXOUT, pieces, count, row);
    if (pieces == 1) {
        crease_status status = crease_onnx_make(node, to, CREASE_ONNX_AFFINE, type, rank, dim);
        for (size_t i = 0; i < count && !status; i++)
            to->affine[i] = crease_affine_retain(row[i]);
        crease_onnx_units_free(reader, u);
        return status;
    }
    if (smallest)
        negate(reader, row, count * pieces);
    if (pieces == 2 && !all_constant(u) && (constant_piece(u, 0) || constant_piece(u, 1)))
        against_constant(node, u, constant_piece(u, 1));
    if (smallest)
        turn(reader, u);
    return crease_onnx_ask(node, u, type, rank, dim);
}
