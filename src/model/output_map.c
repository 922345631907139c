#include "model/output_map.h"

#include "base/interrupt.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/random.h"
#include "model/maxout_groups.h"
#include "exact/integer.h"
#include "exact/modular.h"

#include <assert.h>
#include <stdlib.h>

/* Products of residues that fit into one sum. */
enum { BLOCK = 32 };

/* A layer of the network: z_r = num_r h + num_r,bias constant t, at the point (x, t). */
typedef struct {
    crease_model_layer shape; /* for its gates */
    const crease_rows *map;
    mpz_t constant;
    /* Modulo the prime, at the point of the fingerprint; from the first to the last layer that
     * switches. */
    uint64_t *weight; /* width x inputs, or if sparse one per entry; NULL in the first of them */
    bool sparse;
    uint64_t *offset; /* the term of the bias; in the first of them all of z */
} stage;

struct crease_output {
    const crease_model *model;
    size_t inputs, outputs;
    size_t stages, from, below; /* the layers that switch are among from..below - 1 */
    stage *stage;
    size_t widest;
    uint64_t *last, rest; /* fingerprint = rest + last h, h behind stage below - 1 */
    uint64_t mask;
};

struct crease_output_work {
    const crease_output *output;
    uint64_t *residue[2];
    size_t *active;
    uint8_t *gate[2];
    mpz_t *point; /* inputs + 1 */
    mpz_t *value[2], *result, at_unit;
};

/* ---- Setting up ---- */

static uint64_t random_residue(uint64_t *state)
{
    return crease_random_next(state) % CREASE_MODULAR_PRIME;
}

static void add_product(uint64_t *sum, uint64_t a, uint64_t b)
{
    *sum = crease_modular_sum(*sum, crease_modular_product(a, b));
}

static uint64_t bias_at(const stage *s, size_t r, uint64_t t)
{
    return crease_modular_product(crease_modular_residue(s->map->bias[r]),
                                  crease_modular_product(crease_modular_residue(s->constant), t));
}

/* z of the layer, all layers before which are linear. */
static uint64_t *apply(const stage *s, const uint64_t *h, uint64_t t)
{
    uint64_t *z = crease_alloc(s->shape.width, sizeof *z);
    for (size_t r = 0; r < s->shape.width; r++) {
        z[r] = bias_at(s, r, t);
        for (size_t i = s->map->begin[r]; i < s->map->begin[r + 1]; i++)
            if (h[s->map->input[i]])
                add_product(&z[r], crease_modular_residue(s->map->weight[i]), h[s->map->input[i]]);
    }
    return z;
}

static void set_residues(crease_output *output, uint64_t *h, uint64_t t)
{
    for (size_t l = 0; l <= output->from; l++) {
        uint64_t *z = apply(&output->stage[l], h, t);
        free(h);
        h = z;
    }
    output->stage[output->from].offset = h;
    for (size_t l = output->from + 1; l < output->below; l++) {
        stage *s = &output->stage[l];
        size_t width = s->shape.width, inputs = s->shape.inputs;
        size_t entries = crease_rows_entries(s->map);
        s->sparse = width * inputs > CREASE_LIMIT_DENSE && entries < width * inputs / 8;
        s->offset = crease_alloc(width, sizeof *s->offset);
        s->weight = crease_alloc(s->sparse ? entries : width * inputs, sizeof *s->weight);
        for (size_t r = 0; r < width; r++) {
            s->offset[r] = bias_at(s, r, t);
            for (size_t i = s->map->begin[r]; i < s->map->begin[r + 1]; i++)
                s->weight[s->sparse ? i : r * inputs + s->map->input[i]] =
                    crease_modular_residue(s->map->weight[i]);
        }
    }
}

/* A random combination of the outputs, as a function of what the last layer that switches passes
 * on. */
static void set_last(crease_output *output, uint64_t t, uint64_t *state)
{
    uint64_t *c = crease_alloc(output->outputs, sizeof *c);
    for (size_t r = 0; r < output->outputs; r++)
        c[r] = random_residue(state);
    for (size_t l = output->stages; l-- > output->below;) {
        const stage *s = &output->stage[l];
        uint64_t *lower = crease_alloc(s->shape.inputs, sizeof *lower);
        for (size_t r = 0; r < s->shape.width; r++) {
            add_product(&output->rest, c[r], bias_at(s, r, t));
            for (size_t i = s->map->begin[r]; i < s->map->begin[r + 1]; i++)
                add_product(&lower[s->map->input[i]], c[r],
                            crease_modular_residue(s->map->weight[i]));
        }
        free(c);
        c = lower;
    }
    output->last = c;
}

static void set_stages(crease_output *output, const crease_network *network)
{
    size_t first = 0;
    output->stages = network->layers;
    output->stage = crease_alloc(network->layers, sizeof *output->stage);
    output->from = network->layers;
    output->widest = network->inputs;
    for (size_t l = 0; l < network->layers; l++) {
        const crease_layer *layer = &network->layer[l];
        stage *s = &output->stage[l];
        s->shape = (crease_model_layer){.width = layer->width,
                                        .inputs = layer->inputs,
                                        .decisions = layer->decisions,
                                        .pieces = layer->pieces,
                                        .first = first};
        s->map = &layer->map;
        mpz_init_set_ui(s->constant, 1);
        if (l)
            mpz_mul(s->constant, s[-1].constant, layer[-1].den);
        first += layer->decisions;
        if (layer->decisions) {
            output->from = l < output->from ? l : output->from;
            output->below = l + 1;
        }
        output->widest = layer->width > output->widest ? layer->width : output->widest;
    }
}

crease_output *crease_output_new(const crease_model *model, const crease_network *network,
                                 unsigned bits)
{
    crease_output *output = crease_alloc(1, sizeof *output);
    uint64_t state = 0x6f757470757473u, *h = crease_alloc(network->inputs, sizeof *h);
    assert(bits <= 61 && model->layers > 0);
    output->model = model;
    output->inputs = network->inputs;
    output->outputs = network->layer[network->layers - 1].width;
    output->mask = ((uint64_t)1 << bits) - 1;
    set_stages(output, network);
    for (size_t j = 0; j < model->inputs; j++)
        h[model->kept[j]] = random_residue(&state);
    uint64_t t = random_residue(&state);
    set_residues(output, h, t);
    set_last(output, t, &state);
    return output;
}

void crease_output_free(crease_output *output)
{
    if (!output)
        return;
    for (size_t l = 0; l < output->stages; l++) {
        mpz_clear(output->stage[l].constant);
        free(output->stage[l].weight);
        free(output->stage[l].offset);
    }
    free(output->stage);
    free(output->last);
    free(output);
}

crease_output_work *crease_output_work_new(const crease_output *output)
{
    crease_output_work *work = crease_alloc(1, sizeof *work);
    work->output = output;
    for (int i = 0; i < 2; i++) {
        work->residue[i] = crease_alloc(output->widest, sizeof *work->residue[i]);
        work->value[i] = crease_integer_new(output->widest);
        work->gate[i] = crease_alloc(output->widest, 1);
    }
    work->active = crease_alloc(output->widest, sizeof *work->active);
    work->point = crease_integer_new(output->inputs + 1);
    work->result = crease_integer_new(output->outputs);
    mpz_init(work->at_unit);
    return work;
}

void crease_output_work_free(crease_output_work *work)
{
    if (!work)
        return;
    for (int i = 0; i < 2; i++) {
        free(work->residue[i]);
        free(work->gate[i]);
        crease_integer_free(work->value[i], work->output->widest);
    }
    free(work->active);
    crease_integer_free(work->point, work->output->inputs + 1);
    crease_integer_free(work->result, work->output->outputs);
    mpz_clear(work->at_unit);
    free(work);
}

/* Of layer l; valid until those of layer l + 2 are asked for. */
static const uint8_t *gates(crease_output_work *work, size_t l, const uint8_t *pattern)
{
    const stage *s = &work->output->stage[l];
    return crease_maxout_groups_gates(&s->shape, pattern + s->shape.first, work->gate[l % 2]);
}

/* ---- Fingerprints ---- */

/* offset + the sum of weight[r] h[r] over the active rows r. */
static uint64_t combine(uint64_t offset, const uint64_t *weight, const uint64_t *h,
                        const size_t *active, size_t count)
{
    for (size_t i = 0; i < count; i += BLOCK) {
        size_t end = count - i < BLOCK ? count : i + BLOCK;
        crease_modular_wide sum = offset;
        for (size_t k = i; k < end; k++)
            sum += (crease_modular_wide)weight[active[k]] * h[active[k]];
        offset = crease_modular_reduce(sum);
    }
    return offset;
}

/* The same for a sparse row; active: of the rows below. */
static uint64_t combine_entries(const stage *s, size_t r, const uint64_t *h, const uint8_t *active)
{
    uint64_t sum = s->offset[r];
    for (size_t i = s->map->begin[r]; i < s->map->begin[r + 1]; i++)
        if (active[s->map->input[i]])
            add_product(&sum, s->weight[i], h[s->map->input[i]]);
    return sum;
}

uint64_t crease_output_print(crease_output_work *work, const uint8_t *pattern)
{
    const crease_output *output = work->output;
    const uint64_t *h = NULL;
    const uint8_t *below = NULL;
    size_t count = 0;
    for (size_t l = output->from; l < output->below; l++) {
        const stage *s = &output->stage[l];
        const uint8_t *gate = gates(work, l, pattern);
        uint64_t *z = s->weight ? work->residue[l % 2] : s->offset;
        for (size_t r = 0; s->weight && r < s->shape.width; r++)
            if (gate[r])
                z[r] = s->sparse ? combine_entries(s, r, h, below)
                                 : combine(s->offset[r], s->weight + r * s->shape.inputs, h,
                                           work->active, count);
        h = z;
        below = gate;
        count = 0;
        for (size_t r = 0; r < s->shape.width; r++)
            if (gate[r])
                work->active[count++] = r;
    }
    return (combine(output->rest, output->last, h, work->active, count) & output->mask) + 1;
}

/* ---- In integers ---- */

/* Point 0 is (1, 2, 3, ..., 1), those behind it are the unit vectors. */
static void set_point(crease_output_work *work, size_t number)
{
    const crease_model *model = work->output->model;
    for (size_t j = 0; j <= model->inputs; j++) {
        unsigned long plain = j < model->inputs ? j + 1 : 1;
        mpz_set_ui(work->point[j < model->inputs ? model->kept[j] : work->output->inputs],
                   number ? j + 1 == number : plain);
    }
}

/* z_r at work->point, whose last coordinate is t. */
static void evaluate_row(mpz_t z, const stage *s, size_t r, const mpz_t *h, const mpz_t t)
{
    const crease_rows *map = s->map;
    mpz_set_ui(z, 0);
    if (mpz_sgn(t) && mpz_sgn(map->bias[r])) {
        mpz_mul(z, map->bias[r], s->constant);
        mpz_mul(z, z, t);
    }
    for (size_t i = map->begin[r]; i < map->begin[r + 1]; i++)
        if (mpz_sgn(h[map->input[i]]))
            mpz_addmul(z, map->weight[i], h[map->input[i]]);
}

/* The outputs at work->point on the region; at_unit receives the value of the unit's row. */
static const mpz_t *evaluate(crease_output_work *work, const uint8_t *pattern, size_t unit)
{
    const crease_output *output = work->output;
    const mpz_t *h = (const mpz_t *)work->point;
    mpz_t *z = NULL;
    for (size_t l = 0; l < output->stages; l++, h = (const mpz_t *)z) {
        const stage *s = &output->stage[l];
        const uint8_t *gate = gates(work, l, pattern);
        size_t own = unit - s->shape.first; /* wraps around in layers behind the unit's */
        z = work->value[l % 2];
        if (own < s->shape.decisions)
            evaluate_row(work->at_unit, s, own, h, work->point[output->inputs]);
        for (size_t r = 0; r < s->shape.width && !crease_interrupted_after(16 * s->shape.inputs);
             r++)
            if (gate[r])
                evaluate_row(z[r], s, r, h, work->point[output->inputs]);
            else
                mpz_set_ui(z[r], 0);
    }
    return (const mpz_t *)z;
}

/* Are the outputs on region b those that were evaluated last? */
static bool repeats(crease_output_work *work, const mpz_t *value, const uint8_t *b)
{
    size_t outputs = work->output->outputs;
    for (size_t i = 0; i < outputs; i++)
        mpz_set(work->result[i], value[i]);
    value = evaluate(work, b, SIZE_MAX);
    for (size_t i = 0; i < outputs; i++)
        if (mpz_cmp(value[i], work->result[i]))
            return false;
    return true;
}

bool crease_output_same(crease_output_work *work, const uint8_t *a, const uint8_t *b)
{
    for (size_t number = 1; number <= work->output->model->inputs + 1 && !crease_interrupted();
         number++) {
        set_point(work, number);
        if (!repeats(work, evaluate(work, a, SIZE_MAX), b))
            return false;
    }
    return true;
}

bool crease_output_same_beyond(crease_output_work *work, const uint8_t *a, const uint8_t *b,
                               size_t unit)
{
    /* A row that is not 0 does not vanish at all unit vectors. */
    for (size_t number = 0; number <= work->output->model->inputs + 1 && !crease_interrupted();
         number++) {
        set_point(work, number);
        const mpz_t *value = evaluate(work, a, unit);
        if (mpz_sgn(work->at_unit))
            return repeats(work, value, b);
    }
    return false;
}
