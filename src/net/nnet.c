#include "net/source.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/literal.h"

#include <stdlib.h>
#include <string.h>

/* Lines of numbers, separated by commas, with an optional comma at the end.  Comment lines (//) and
 * blank lines may appear anywhere:
 *
 *   layers, inputs, outputs, largest layer    the last three may be missing
 *   inputs, units of each layer
 *   a flag, not used
 *   minima of the inputs          not used
 *   maxima of the inputs          not used
 *   means of the inputs, one mean of all outputs        used to normalise
 *   ranges of the inputs, one range of all outputs      used to normalise
 *   then for every layer a line for each unit's weights, and a line for each bias
 *
 * A line that is not used has one number or more. */
typedef struct {
    const crease_source *source;
    const char *at, *end;
    size_t line;   /* of the number that is next, from 1 on */
    size_t number; /* of those read on this line */
    crease_weights weights;
} cursor;

typedef struct {
    size_t *width; /* layers + 1 */
    size_t layers;
    mpq_t *mean, *range; /* width[0] + 1 */
} header;

/* From so many numbers on, a layer must fit into what is left of the file before there is memory
 * for it. */
enum { LONG_LAYER = 1 << 22 };

#define FAIL(c, ...) crease_fail((c)->source->error, CREASE_INPUT, "%s: line %zu" __VA_ARGS__)
#define PLACE(c) (c)->source->name, (c)->line

static bool at_end_of_line(const cursor *c)
{
    return c->at == c->end || *c->at == '\n' || (c->at[0] == '\r' && c->at[1] == '\n');
}

static void skip_spaces(cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
}

/* The next number of the line, and what separates it from others. */
static crease_status next_number(cursor *c, mpq_t value)
{
    skip_spaces(c);
    size_t length = strcspn(c->at, ", \t\r\n");
    if (length == 0)
        return FAIL(c, ": expected number %zu %s", PLACE(c), c->number + 1,
                    c->at == c->end ? "but the file ends" : "here");
    crease_literal outcome = crease_literal_read(value, c->at, length, c->weights);
    if (outcome)
        return FAIL(c, ", number %zu: \"%.*s\" is %s", PLACE(c), c->number + 1,
                    length < 40 ? (int)length : 40, c->at,
                    outcome == CREASE_LITERAL_RANGE ? "out of range" : "no decimal number");
    c->at += length;
    c->number++;
    skip_spaces(c);
    if (c->at < c->end && *c->at == ',')
        c->at++;
    else if (!at_end_of_line(c))
        return FAIL(c, ": expected a comma behind number %zu", PLACE(c), c->number);
    skip_spaces(c);
    return CREASE_OK;
}

static crease_status end_line(cursor *c)
{
    if (!at_end_of_line(c))
        return FAIL(c, ": more than %zu numbers", PLACE(c), c->number);
    c->at += *c->at == '\r';
    c->at += *c->at == '\n';
    c->line++;
    c->number = 0;
    return CREASE_OK;
}

/* To the next line that is neither blank nor a comment. */
static void skip_lines(cursor *c)
{
    for (;;) {
        const char *at = c->at + strspn(c->at, " \t\r");
        bool comment = at[0] == '/' && at[1] == '/';
        if (!comment && (*at != '\n' || at == c->end))
            return;
        const char *next = memchr(at, '\n', (size_t)(c->end - at));
        c->at = next ? next + 1 : c->end;
        c->line++;
    }
}

/* A line of at least, or of exactly, count numbers, into value unless it is NULL. */
static crease_status read_line(cursor *c, mpq_t *value, size_t count, bool exactly)
{
    mpq_t unused;
    crease_status status = CREASE_OK;
    skip_lines(c);
    mpq_init(unused);
    for (size_t i = 0; !status && (i < count || (!exactly && !at_end_of_line(c))); i++)
        status = next_number(c, value && i < count ? value[i] : unused);
    mpq_clear(unused);
    return status ? status : end_line(c);
}

/* A line of least .. count whole numbers up to most; those that are missing are left alone. */
static crease_status read_sizes(cursor *c, size_t *size, size_t least, size_t count, size_t most)
{
    mpq_t value;
    crease_status status = CREASE_OK;
    skip_lines(c);
    mpq_init(value);
    for (size_t i = 0; i < count && !status && (i < least || !at_end_of_line(c)); i++) {
        status = next_number(c, value);
        if (!status && (mpz_cmp_ui(mpq_denref(value), 1) || mpq_sgn(value) < 0 ||
                        mpz_cmp_ui(mpq_numref(value), most) > 0))
            status = FAIL(c, ", number %zu: expected a whole number up to %zu", PLACE(c), c->number,
                          most);
        size[i] = mpz_get_ui(mpq_numref(value));
    }
    mpq_clear(value);
    return status ? status : end_line(c);
}

static crease_status read_widths(cursor *c, header *h)
{
    size_t head[4] = {0, SIZE_MAX, SIZE_MAX, 0}, flag;
    crease_status status = read_sizes(c, head, 1, 4, CREASE_MAX_UNITS + 1);
    if (status)
        return status;
    h->layers = head[0];
    h->width = crease_alloc(h->layers + 1, sizeof *h->width);
    if (h->layers == 0)
        return FAIL(c, ": no layers", c->source->name, c->line - 1);
    if ((status = read_sizes(c, h->width, h->layers + 1, h->layers + 1, CREASE_MAX_UNITS)))
        return status;
    if ((head[1] != SIZE_MAX && h->width[0] != head[1]) ||
        (head[2] != SIZE_MAX && h->width[h->layers] != head[2]))
        return FAIL(c, ": other numbers of inputs and outputs than in the first line",
                    c->source->name, c->line - 1);
    status = crease_source_widths(c->source, h->width, h->layers);
    return status ? status : read_sizes(c, &flag, 1, 1, 1);
}

/* The lines before the weights.  What is not used must be numbers, of any size. */
static crease_status read_header(cursor *c, header *h)
{
    crease_weights weights = c->weights;
    c->weights = CREASE_WEIGHTS_DECIMAL;
    crease_status status = read_widths(c, h);
    if (status)
        return status;
    size_t inputs = h->width[0];
    bool used = c->source->options->nnet_normalise;
    h->mean = crease_alloc(inputs + 1, sizeof *h->mean);
    h->range = crease_alloc(inputs + 1, sizeof *h->range);
    for (size_t i = 0; i <= inputs; i++)
        mpq_inits(h->mean[i], h->range[i], NULL);
    if ((status = read_line(c, NULL, 1, false)) || (status = read_line(c, NULL, 1, false)))
        return status;
    c->weights = used ? weights : CREASE_WEIGHTS_DECIMAL;
    size_t needed = used ? inputs + 1 : 1;
    if ((status = read_line(c, h->mean, needed, used)) ||
        (status = read_line(c, h->range, needed, used)))
        return status;
    c->weights = weights;
    for (size_t i = 0; used && i <= inputs; i++)
        if (mpq_sgn(h->range[i]) <= 0)
            return FAIL(c, ", number %zu: a range must be positive to normalise with",
                        c->source->name, c->line - 1, i + 1);
    return CREASE_OK;
}

/* The rows of the first layer at (x - mean) / range. */
static void normalise_inputs(const header *h, mpq_t *value, size_t width, size_t inputs)
{
    mpq_t part;
    mpq_init(part);
    for (size_t i = 0; i < width; i++) {
        mpq_t *row = value + i * (inputs + 1);
        for (size_t j = 0; j < inputs; j++) {
            mpq_div(row[j], row[j], h->range[j]);
            mpq_mul(part, row[j], h->mean[j]);
            mpq_sub(row[inputs], row[inputs], part);
        }
    }
    mpq_clear(part);
}

/* The rows of the last layer, times the range of the outputs, plus their mean. */
static void normalise_outputs(const header *h, mpq_t *value, size_t width, size_t inputs)
{
    for (size_t i = 0; i < width * (inputs + 1); i++)
        mpq_mul(value[i], value[i], h->range[h->width[0]]);
    for (size_t i = 0; i < width; i++)
        mpq_add(value[i * (inputs + 1) + inputs], value[i * (inputs + 1) + inputs],
                h->mean[h->width[0]]);
}

static crease_status read_layer(cursor *c, const header *h, size_t l, crease_network *network)
{
    size_t inputs = h->width[l], width = h->width[l + 1], count = width * (inputs + 1);
    if (count > LONG_LAYER && count > (size_t)(c->end - c->at) / 2 + 1)
        return FAIL(c, ": layer %zu: the file is too short for %zu numbers", c->source->name,
                    c->line, l, count);
    mpq_t *value = crease_alloc(count, sizeof *value);
    crease_status status = CREASE_OK;
    for (size_t i = 0; i < count; i++)
        mpq_init(value[i]);
    for (size_t i = 0; i < width && !status; i++)
        status = read_line(c, value + i * (inputs + 1), inputs, true);
    for (size_t i = 0; i < width && !status; i++)
        status = read_line(c, value + i * (inputs + 1) + inputs, 1, true);
    if (!status && c->source->options->nnet_normalise && l == 0)
        normalise_inputs(h, value, width, inputs);
    if (!status && c->source->options->nnet_normalise && l + 1 == h->layers)
        normalise_outputs(h, value, width, inputs);
    if (!status)
        crease_network_set_layer(network, l, network->layer[l].activation, width, inputs, value);
    for (size_t i = 0; i < count; i++)
        mpq_clear(value[i]);
    free(value);
    return status;
}

static crease_status read_layers(cursor *c, const header *h, crease_network *network)
{
    crease_status status = crease_source_activations(c->source, network);
    for (size_t l = 0; l < h->layers && !status; l++)
        status = read_layer(c, h, l, network);
    if (status)
        return status;
    skip_lines(c);
    c->at += strspn(c->at, " \t\r");
    return c->at == c->end ? CREASE_OK : FAIL(c, ": something behind the last bias", PLACE(c));
}

crease_status crease_nnet_read(const crease_source *source, crease_network **network)
{
    crease_weights given = source->options->weights;
    crease_weights weights = given ? given : CREASE_WEIGHTS_FLOAT32;
    cursor c = {source, source->data, source->data + source->length, 1, 0, weights};
    header h = {0};
    *network = NULL;
    crease_status status = read_header(&c, &h);
    if (!status) {
        *network = crease_network_allocate(h.width[0], h.layers);
        status = read_layers(&c, &h, *network);
    }
    for (size_t i = 0; h.mean && i <= h.width[0]; i++)
        mpq_clears(h.mean[i], h.range[i], NULL);
    free(h.mean);
    free(h.range);
    free(h.width);
    if (status) {
        crease_network_free(*network);
        *network = NULL;
    } else {
        crease_network_set_origin(*network, ".nnet; %s; %s", crease_literal_words(weights),
                                  source->options->nnet_normalise ? "normalised"
                                                                  : "not normalised");
    }
    return status;
}
