#include "base/input.h"
#include "base/memory.h"
#include "domain/domain.h"
#include "domain/slice.h"
#include "net/json_place.h"

#include <stdlib.h>
#include <string.h>

static crease_status check_length(const crease_json_place *at, const json_t *array,
                                  const char *what, size_t i, size_t columns)
{
    if (json_is_array(array) && json_array_size(array) == columns)
        return CREASE_OK;
    return crease_json_fail(at, "%s, row %zu: expected an array of %zu number%s", what, i, columns,
                            columns == 1 ? "" : "s");
}

/* Before there is memory for the numbers. */
static crease_status check_lengths(const crease_json_place *at, const json_t *rows,
                                   const char *what, size_t columns)
{
    crease_status status = CREASE_OK;
    for (size_t i = 0; i < json_array_size(rows) && !status; i++)
        status = check_length(at, json_array_get(rows, i), what, i, columns);
    return status;
}

/* An array of columns numbers, to out[0], out[step], ...; i is its row in messages. */
static crease_status read_row(const crease_json_place *at, const json_t *array, const char *what,
                              size_t i, size_t columns, mpq_t *out, size_t step)
{
    crease_status status = check_length(at, array, what, i, columns);
    for (size_t j = 0; j < columns && !status; j++)
        status = crease_json_number(at, json_array_get(array, j), what, i, j, out[j * step]);
    return status;
}

/* ---- Domains ---- */

static crease_status read_box(const crease_json_place *at, const json_t *box, crease_domain *domain)
{
    if (!json_is_array(box) || json_array_size(box) != domain->inputs)
        return crease_json_fail(at, "box: expected an array of %zu pairs, one per input",
                                domain->inputs);
    for (size_t j = 0; j < domain->inputs; j++) {
        const json_t *pair = json_array_get(box, j);
        if (!json_is_array(pair) || json_array_size(pair) != 2)
            return crease_json_fail(at, "box, row %zu: expected a pair of numbers", j);
        crease_status status =
            crease_json_number(at, json_array_get(pair, 0), "box", j, 0, domain->lo[j]);
        if (!status)
            status = crease_json_number(at, json_array_get(pair, 1), "box", j, 1, domain->hi[j]);
        if (status)
            return status;
        if (mpq_cmp(domain->lo[j], domain->hi[j]) >= 0)
            return crease_json_fail(
                at,
                "box, row %zu: empty or flat, the first number must be less than the "
                "second",
                j);
    }
    return CREASE_OK;
}

static crease_status read_halves(const crease_json_place *at, const json_t *A, const json_t *b,
                                 crease_domain *domain)
{
    size_t n = domain->inputs;
    for (size_t i = 0; i < domain->halves; i++) {
        mpq_t *half = domain->half + i * (n + 1);
        crease_status status = read_row(at, json_array_get(A, i), "A", i, n, half, 1);
        if (!status)
            status = crease_json_number(at, json_array_get(b, i), "b", i, 0, half[n]);
        if (status)
            return status;
        size_t j = 0;
        while (j < n && !mpq_sgn(half[j]))
            j++;
        if (j == n)
            return crease_json_fail(at, "A, row %zu: all numbers are zero, this is no half-space",
                                    i);
    }
    return CREASE_OK;
}

static crease_status read_domain(const crease_json_place *at, const json_t *root, size_t inputs,
                                 crease_domain **out)
{
    const json_t *A = json_object_get(root, "A"), *b = json_object_get(root, "b");
    const json_t *box = json_object_get(root, "box");
    size_t halves = json_array_size(A);
    if (!A != !b || (A && !json_is_array(A)) || (b && !json_is_array(b)) ||
        json_array_size(b) != halves)
        return crease_json_fail(
            at, "expected \"A\", an array of rows, and \"b\", an array of as many numbers");
    if (!A && !box)
        return crease_json_fail(at, "expected \"A\" and \"b\", or \"box\", or all of them");
    if (crease_domain_check_size(at->name, halves, inputs, at->error) ||
        check_lengths(at, A, "A", inputs))
        return CREASE_INPUT;
    crease_domain *domain = crease_domain_new(inputs, box != NULL, halves);
    crease_status status = box ? read_box(at, box, domain) : CREASE_OK;
    if (!status)
        status = read_halves(at, A, b, domain);
    if (status)
        crease_domain_free(domain);
    else
        *out = domain;
    return status;
}

static crease_status parse_domain(const char *text, size_t length, const char *name,
                                  crease_weights weights, size_t inputs, crease_domain **domain,
                                  crease_error *error)
{
    static const char *const keys[] = {"A", "b", "box", "comment", NULL};
    crease_json_place at = {.name = name, .error = error};
    *domain = NULL;
    crease_status status = crease_json_open(&at, text, length, weights, keys);
    if (!status)
        status = read_domain(&at, at.document.root, inputs, domain);
    crease_json_close(&at);
    return status;
}

crease_status crease_domain_parse(const char *text, size_t length, const char *name, size_t inputs,
                                  crease_domain **domain, crease_error *error)
{
    return parse_domain(text, length, name, CREASE_WEIGHTS_AUTO, inputs, domain, error);
}

crease_status crease_domain_read_with(const char *path, crease_weights weights, size_t inputs,
                                      crease_domain **domain, crease_error *error)
{
    char *text;
    size_t length;
    *domain = NULL;
    crease_status status = crease_input_unpack(path, &text, &length, NULL, error);
    if (status)
        return status;
    status = parse_domain(text, length, path, weights, inputs, domain, error);
    free(text);
    return status;
}

crease_status crease_domain_read(const char *path, size_t inputs, crease_domain **domain,
                                 crease_error *error)
{
    return crease_domain_read_with(path, CREASE_WEIGHTS_AUTO, inputs, domain, error);
}

/* ---- Slices ---- */

static crease_status read_slice(const crease_json_place *at, const json_t *root, size_t n,
                                crease_slice *slice)
{
    const json_t *directions = json_object_get(root, "directions");
    size_t k = json_array_size(directions);
    if (!json_is_array(directions) || k == 0 || k > CREASE_MAX_INPUTS)
        return crease_json_fail(at, "directions: expected an array of 1 to %d rows",
                                CREASE_MAX_INPUTS);
    if (check_lengths(at, directions, "directions", n))
        return CREASE_INPUT;
    crease_slice_open(slice, n, k);
    crease_status status =
        read_row(at, json_object_get(root, "origin"), "origin", 0, n, slice->map + k, k + 1);
    for (size_t j = 0; j < k && !status; j++)
        status =
            read_row(at, json_array_get(directions, j), "directions", j, n, slice->map + j, k + 1);
    if (status)
        crease_slice_clear(slice);
    return status;
}

static crease_status parse_slice(const char *text, size_t length, const char *name,
                                 crease_weights weights, size_t inputs, crease_slice *slice,
                                 crease_error *error)
{
    static const char *const keys[] = {"origin", "directions", "comment", NULL};
    crease_json_place at = {.name = name, .error = error};
    *slice = (crease_slice){.map = NULL};
    crease_status status = crease_json_open(&at, text, length, weights, keys);
    if (!status)
        status = read_slice(&at, at.document.root, inputs, slice);
    crease_json_close(&at);
    return status;
}

crease_status crease_slice_map_read(const char *path, crease_weights weights, size_t inputs,
                                    crease_slice *slice, crease_error *error)
{
    char *text;
    size_t length;
    *slice = (crease_slice){.map = NULL};
    crease_status status = crease_input_unpack(path, &text, &length, NULL, error);
    if (status)
        return status;
    status = parse_slice(text, length, path, weights, inputs, slice, error);
    free(text);
    return status;
}

/* Sets *sliced unless the slice could not be read, and clears it. */
static crease_status restrict_to(const crease_network *network, crease_slice *slice,
                                 const char *name, crease_status status, crease_network **sliced)
{
    if (!status)
        *sliced = crease_network_slice(network, slice, name);
    crease_slice_clear(slice);
    return status;
}

crease_status crease_slice_parse(const char *text, size_t length, const char *name,
                                 const crease_network *network, crease_network **sliced,
                                 crease_error *error)
{
    crease_slice slice;
    *sliced = NULL;
    crease_status status = crease_network_complete(network, error);
    if (status)
        return status;
    status = parse_slice(text, length, name, CREASE_WEIGHTS_AUTO, network->inputs, &slice, error);
    return restrict_to(network, &slice, name, status, sliced);
}

crease_status crease_slice_read_with(const char *path, crease_weights weights,
                                     const crease_network *network, crease_network **sliced,
                                     crease_error *error)
{
    crease_slice slice;
    *sliced = NULL;
    crease_status status = crease_network_complete(network, error);
    if (status)
        return status;
    status = crease_slice_map_read(path, weights, network->inputs, &slice, error);
    return restrict_to(network, &slice, path, status, sliced);
}

crease_status crease_slice_read(const char *path, const crease_network *network,
                                crease_network **sliced, crease_error *error)
{
    return crease_slice_read_with(path, CREASE_WEIGHTS_AUTO, network, sliced, error);
}
