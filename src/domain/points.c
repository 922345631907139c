#include "domain/points.h"

#include "base/input.h"
#include "base/memory.h"
#include "base/status.h"
#include "net/npy.h"
#include "net/rational.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char magic_npy[] = "\x93NUMPY", magic_zip[] = "PK";

static crease_points *new_points(size_t count, size_t inputs)
{
    crease_points *points = crease_alloc(1, sizeof *points);
    points->count = count;
    points->inputs = inputs;
    return points;
}

void crease_points_free(crease_points *points)
{
    if (!points)
        return;
    for (size_t i = 0; points->exact && i < points->count * points->inputs; i++)
        mpq_clear(points->exact[i]);
    free(points->exact);
    free(points->value);
    free(points);
}

size_t crease_points_count(const crease_points *points)
{
    return points->count;
}

void crease_points_get(const crease_points *points, size_t i, mpq_t *x)
{
    for (size_t j = 0, at = i * points->inputs; j < points->inputs; j++, at++)
        if (points->exact)
            mpq_set(x[j], points->exact[at]);
        else
            mpq_set_d(x[j], points->value[at]);
}

crease_status crease_points_new(const double *x, size_t count, size_t inputs,
                                crease_points **points, crease_error *error)
{
    *points = NULL;
    if (!count || !inputs)
        return crease_fail(error, CREASE_INPUT, "points: there are none");
    for (size_t i = 0; i < count * inputs; i++)
        if (!isfinite(x[i]))
            return crease_fail(error, CREASE_INPUT, "points: point %zu, input %zu: not finite",
                               i / inputs, i % inputs);
    *points = new_points(count, inputs);
    (*points)->value = crease_alloc(count * inputs, sizeof *x);
    memcpy((*points)->value, x, count * inputs * sizeof *x);
    return CREASE_OK;
}

/* ---- Arrays ---- */

/* The place in the data of the number that is at this place row by row. */
static size_t place_of(const crease_tensor *tensor, size_t index)
{
    size_t place = 0, step = 1, rest = index, divisor = 1;
    if (!tensor->fortran)
        return index;
    for (size_t d = 1; d < tensor->dimensions; d++)
        divisor *= tensor->size[d];
    for (size_t d = 0; d < tensor->dimensions; d++) {
        place += rest / divisor * step;
        rest %= divisor;
        step *= tensor->size[d];
        if (d + 1 < tensor->dimensions)
            divisor /= tensor->size[d + 1];
    }
    return place;
}

/* A vector is one point. */
static crease_status from_array(const crease_source *source, const crease_tensor *tensor,
                                size_t inputs, crease_points **points)
{
    if (tensor->type == CREASE_TENSOR_OTHER)
        return crease_fail(source->error, CREASE_INPUT, "%s: numbers of type %.40s are not read",
                           source->name, tensor->type_name);
    size_t count = tensor->dimensions > 1 ? tensor->size[0] : 1, width = 1;
    for (size_t d = tensor->dimensions > 1 ? 1 : 0; d < tensor->dimensions; d++)
        width *= tensor->size[d];
    if (!count)
        return crease_fail(source->error, CREASE_INPUT, "%s: there are no points", source->name);
    if (width != inputs)
        return crease_fail(source->error, CREASE_INPUT,
                           "%s: %zu number%s a point, the network has %zu input%s", source->name,
                           width, width == 1 ? "" : "s", inputs, inputs == 1 ? "" : "s");
    *points = new_points(count, inputs);
    (*points)->value = crease_alloc(count * inputs, sizeof *(*points)->value);
    crease_status status = CREASE_OK;
    mpq_t exact, same;
    mpq_inits(exact, same, NULL);
    for (size_t i = 0; i < count * inputs && !status; i++) {
        double *value = &(*points)->value[i];
        bool finite = crease_tensor_exact(tensor, place_of(tensor, i), exact);
        *value = finite ? mpq_get_d(exact) : 0;
        mpq_set_d(same, *value);
        if (!finite || !mpq_equal(exact, same))
            status = crease_fail(source->error, CREASE_INPUT, "%s: point %zu, input %zu: %s",
                                 source->name, i / inputs, i % inputs,
                                 finite ? "no binary64 number" : "not finite");
    }
    mpq_clears(exact, same, NULL);
    return status;
}

static crease_status read_array(const crease_source *source, bool packed, size_t inputs,
                                crease_points **points)
{
    static const char *const names[] = {"points", "point", NULL};
    crease_tensor *tensor = crease_alloc(1, sizeof *tensor);
    unsigned char *bytes = NULL;
    crease_status status;
    if (packed) {
        status = crease_npz_read_one(source, names, tensor, &bytes);
    } else {
        tensor->name = strdup("array");
        if (!tensor->name)
            crease_fatal("out of memory");
        status =
            crease_npy_read(source, (const unsigned char *)source->data, source->length, tensor);
    }
    status = status ? status : from_array(source, tensor, inputs, points);
    free(bytes);
    crease_tensors_free(tensor, 1);
    return status;
}

/* ---- Text ---- */

typedef struct {
    const crease_source *source;
    const char *at, *end;
    size_t line, room;
    crease_points *points;
} text_reader;

/* The next field of the line and its length, without spaces; moves past it and its comma.  False
 * after the last one. */
static bool next_field(text_reader *r, const char *end, const char **field, size_t *length)
{
    if (r->at > end)
        return false;
    const char *comma = memchr(r->at, ',', (size_t)(end - r->at)), *stop = comma ? comma : end;
    *field = r->at;
    while (*field < stop && isspace((unsigned char)**field))
        (*field)++;
    r->at = stop + 1;
    while (stop > *field && isspace((unsigned char)stop[-1]))
        stop--;
    *length = (size_t)(stop - *field);
    return true;
}

static void make_room(text_reader *r)
{
    crease_points *p = r->points;
    if (p->count < r->room)
        return;
    size_t room = r->room ? 2 * r->room : 64;
    p->exact = p->exact ? crease_realloc(p->exact, room * p->inputs, sizeof *p->exact)
                        : crease_alloc(room * p->inputs, sizeof *p->exact);
    r->room = room;
}

/* A line in which no field is a number. */
static bool is_header(text_reader *r, const char *end)
{
    const char *begin = r->at, *field;
    size_t length;
    bool numbers = false;
    mpq_t value;
    mpq_init(value);
    while (next_field(r, end, &field, &length))
        numbers = numbers || crease_rational_parse(value, field, length);
    mpq_clear(value);
    r->at = begin;
    return !numbers;
}

static crease_status read_line(text_reader *r, const char *end)
{
    crease_points *p = r->points;
    const char *field;
    size_t length, j = 0;
    make_room(r);
    mpq_t *x = p->exact + p->count++ * p->inputs;
    for (size_t k = 0; k < p->inputs; k++)
        mpq_init(x[k]);
    for (; next_field(r, end, &field, &length); j++)
        if (j < p->inputs && !crease_rational_parse(x[j], field, length))
            return crease_fail(r->source->error, CREASE_INPUT,
                               "%s: line %zu, column %zu: \"%.*s\" is not a number",
                               r->source->name, r->line, j + 1, length > 60 ? 60 : (int)length,
                               field);
    return j == p->inputs ? CREASE_OK
                          : crease_fail(r->source->error, CREASE_INPUT,
                                        "%s: line %zu: %zu number%s, the network has %zu input%s",
                                        r->source->name, r->line, j, j == 1 ? "" : "s", p->inputs,
                                        p->inputs == 1 ? "" : "s");
}

static crease_status read_text(const crease_source *source, size_t inputs, crease_points **points)
{
    crease_status status = CREASE_OK;
    text_reader r = {.source = source,
                     .at = source->data,
                     .end = source->data + source->length,
                     .line = 1,
                     .points = new_points(0, inputs)};
    bool names = false;
    *points = r.points;
    for (; r.at < r.end && !status; r.line++) {
        const char *stop = memchr(r.at, '\n', (size_t)(r.end - r.at)), *end = stop ? stop : r.end;
        const char *first = r.at;
        while (first < end && isspace((unsigned char)*first))
            first++;
        if (first < end && r.line == 1 && is_header(&r, end))
            names = true;
        else if (first < end)
            status = read_line(&r, end);
        r.at = end + 1;
    }
    if (!status && !r.points->count)
        status = crease_fail(source->error, CREASE_INPUT, "%s: there are no points%s", source->name,
                             names ? "; the first line has names, as it has no numbers with commas"
                                     " between them"
                                   : "");
    return status;
}

crease_status crease_points_read(const char *path, size_t inputs, crease_points **points,
                                 crease_error *error)
{
    char *text;
    size_t length;
    *points = NULL;
    crease_status status = crease_input_unpack(path, &text, &length, NULL, error);
    if (status)
        return status;
    const crease_source source = {path, text, length, NULL, error};
    bool packed = !strncmp(text, magic_zip, strlen(magic_zip));
    if (packed || !strncmp(text, magic_npy, strlen(magic_npy)))
        status = read_array(&source, packed, inputs, points);
    else
        status = read_text(&source, inputs, points);
    free(text);
    if (status) {
        crease_points_free(*points);
        *points = NULL;
    }
    return status;
}
