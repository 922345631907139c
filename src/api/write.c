#include "domain/domain.h"
#include "net/network.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"
#include "net/rational.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Small integers without quotes are exact in every float; false if there is no text. */
static bool write_number(FILE *file, const mpq_t value)
{
    char *text = crease_rational_text(value);
    if (!text)
        return false;
    bool integer = !text[strspn(text, "-0123456789")];
    fprintf(file, integer ? "%s" : "\"%s\"", text);
    free(text);
    return true;
}

static bool write_quotient(FILE *file, const mpz_t num, const mpz_t den)
{
    mpq_t value;
    mpq_init(value);
    mpq_set_num(value, num);
    mpq_set_den(value, den);
    mpq_canonicalize(value);
    bool good = write_number(file, value);
    mpq_clear(value);
    return good;
}

static bool write_row(FILE *file, const crease_layer *layer, size_t row)
{
    const crease_rows *map = &layer->map;
    size_t i = map->begin[row], end = map->begin[row + 1];
    bool good = true;
    for (size_t j = 0; j < layer->inputs && good; j++) {
        if (j)
            fputs(", ", file);
        if (i < end && map->input[i] == j)
            good = write_quotient(file, map->weight[i++], layer->den);
        else
            putc('0', file);
    }
    return good;
}

static bool write_layer(FILE *file, const crease_layer *layer)
{
    const char *const *names;
    bool good = true;
    fputs("  {\"weight\": [\n", file);
    for (size_t r = 0; r < layer->rows && good; r++) {
        fputs("    [", file);
        good = write_row(file, layer, r);
        fputs(r + 1 < layer->rows ? "],\n" : "]],\n", file);
    }
    fputs("   \"bias\": [", file);
    for (size_t r = 0; r < layer->rows && good; r++) {
        good = write_quotient(file, layer->map.bias[r], layer->den);
        fputs(r + 1 < layer->rows ? ", " : "],\n", file);
    }
    fprintf(file, "   \"activation\": \"%s\"", crease_activation_name(layer->activation));
    for (size_t i = 0; i < crease_activation_parameters(layer->activation, &names) && good; i++) {
        fprintf(file, ", \"%s\": ", names[i]);
        good = write_number(file, layer->parameter[i]);
    }
    if (layer->activation == CREASE_MAXOUT)
        fprintf(file, ", \"rank\": %zu", layer->rank);
    if (layer->carry)
        fprintf(file, ", \"carry\": %zu", layer->carry);
    putc('}', file);
    return good;
}

/* False, and *layer is its index, if a number of a layer is too long. */
static bool write_json(FILE *file, const crease_network *network, size_t *layer)
{
    fprintf(file, "{\"input\": %zu,\n \"layers\": [\n", network->inputs);
    for (*layer = 0; *layer < network->layers; ++*layer) {
        if (!write_layer(file, &network->layer[*layer]))
            return false;
        fputs(*layer + 1 < network->layers ? ",\n" : "]}\n", file);
    }
    return true;
}

/* A row of numbers in brackets. */
static bool write_list(FILE *file, const mpq_t *value, size_t count, size_t step)
{
    bool good = true;
    putc('[', file);
    for (size_t j = 0; j < count && good; j++) {
        fputs(j ? ", " : "", file);
        good = write_number(file, value[j * step]);
    }
    putc(']', file);
    return good;
}

static bool write_domain(FILE *file, const crease_domain *domain)
{
    size_t n = domain->inputs;
    bool good = true;
    fputs("{\"A\": [", file);
    for (size_t i = 0; i < domain->halves && good; i++) {
        fputs(i ? ",\n       " : "", file);
        good = write_list(file, (const mpq_t *)domain->half + i * (n + 1), n, 1);
    }
    fputs("],\n \"b\": ", file);
    good = good && write_list(file, (const mpq_t *)domain->half + n, domain->halves, n + 1);
    for (size_t j = 0; domain->lo && j < n && good; j++) {
        fputs(j ? ", [" : ",\n \"box\": [[", file);
        good = write_number(file, domain->lo[j]);
        fputs(", ", file);
        good = good && write_number(file, domain->hi[j]);
        putc(']', file);
    }
    fputs(domain->lo ? "]}\n" : "}\n", file);
    return good;
}

/* ---- Files ---- */

static crease_status compare(const uint8_t own[32], const uint8_t other[32],
                             const crease_output *output, crease_error *error)
{
    return memcmp(own, other, 32) == 0
               ? CREASE_OK
               : crease_fail(error, CREASE_INTERNAL, "%s: does not read back as what was written",
                             output->path);
}

/* What is in the file must be this network. */
static crease_status read_back(const crease_network *network, const crease_output *output,
                               crease_error *error)
{
    crease_network *copy;
    uint8_t own[32], other[32];
    crease_status status = crease_network_read(output->temporary, &copy, error);
    if (status)
        return status;
    crease_network_hash(network, own);
    crease_network_hash(copy, other);
    crease_network_free(copy);
    return compare(own, other, output, error);
}

/* The same of a domain. */
static crease_status read_domain_back(const crease_domain *domain, const crease_output *output,
                                      crease_error *error)
{
    crease_domain *copy;
    uint8_t own[32], other[32];
    crease_status status = crease_domain_read(output->temporary, domain->inputs, &copy, error);
    if (status)
        return status;
    crease_domain_digest(domain, domain->inputs, own);
    crease_domain_digest(copy, domain->inputs, other);
    crease_domain_free(copy);
    return compare(own, other, output, error);
}

/* One of network and domain is NULL. */
static crease_status write_file(const crease_network *network, const crease_domain *domain,
                                const char *path, crease_error *error)
{
    crease_output output;
    size_t layer;
    crease_status status = crease_output_open(path, &output, error);
    if (status)
        return status;
    FILE *file = crease_output_stream(&output);
    errno = 0;
    if (network && !write_json(file, network, &layer))
        status = crease_fail(error, CREASE_INPUT, "%s: layers[%zu]: a number too long for JSON",
                             path, layer);
    else if (domain && !write_domain(file, domain))
        status = crease_fail(error, CREASE_INPUT, "%s: a number too long for JSON", path);
    else if (fflush(file) || ferror(file))
        status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", path,
                             strerror(errno ? errno : EIO));
    if (!status)
        status =
            network ? read_back(network, &output, error) : read_domain_back(domain, &output, error);
    if (!status && !crease_output_commit(&output))
        status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", path, strerror(errno));
    fclose(file);
    crease_output_close(&output);
    return status;
}

crease_status crease_network_write(const crease_network *network, const char *path,
                                   crease_error *error)
{
    crease_status status = crease_network_complete(network, error);
    return status ? status : write_file(network, NULL, path, error);
}

crease_status crease_domain_write(const crease_domain *domain, const char *path,
                                  crease_error *error)
{
    return write_file(NULL, domain, path, error);
}
