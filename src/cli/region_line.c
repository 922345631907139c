#include "cli/region_text.h"

#include "base/memory.h"

#include <crease_sample.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    unsigned with;
} all_fields[] = {
    {"facets", CREASE_WITH_FACETS | CREASE_WITH_ROWS},
    {"neighbours", CREASE_WITH_FACETS | CREASE_WITH_ROWS | CREASE_WITH_NEIGHBOURS},
    {"map", CREASE_WITH_MAP},
    {"class", CREASE_WITH_CLASS},
    {"volume", CREASE_WITH_VOLUME},
    {"vertices", CREASE_WITH_VERTICES},
    {"center", CREASE_WITH_CENTER},
    {"inradius", CREASE_WITH_INRADIUS},
};

bool crease_cli_region_fields(const char *text, unsigned *with)
{
    const size_t count = sizeof all_fields / sizeof *all_fields;
    *with = CREASE_WITH_POINT;
    while (*text) {
        size_t length = strcspn(text, ","), i = 0;
        while (i < count && (strlen(all_fields[i].name) != length ||
                             strncmp(text, all_fields[i].name, length) != 0))
            i++;
        if (i == count)
            return false;
        *with |= all_fields[i].with;
        text += length + (text[length] == ',');
    }
    return true;
}

bool crease_cli_is_npz(const char *path)
{
    size_t length = strlen(path);
    return length >= 4 && !strcasecmp(path + length - 4, ".npz");
}

/* Most states are one digit, and there are many of them. */
static void put_state(FILE *to, bool first, uint8_t state)
{
    if (!first)
        putc(',', to);
    if (state < 10)
        putc('0' + state, to);
    else
        fprintf(to, "%u", state);
}

void crease_cli_put_pattern(FILE *to, const crease_network *network, const uint8_t *pattern)
{
    const char *between = "[[";
    for (size_t l = 0; l < crease_network_layers(network); l++) {
        if (crease_network_activation(network, l) == CREASE_LINEAR)
            continue;
        size_t units = crease_network_width(network, l) - crease_network_carry(network, l);
        fputs(between, to);
        for (size_t u = 0; u < units; u++)
            put_state(to, u == 0, *pattern++);
        between = "],[";
    }
    fputs(strcmp(between, "[[") ? "]]" : "[]", to);
}

void crease_cli_put_number(FILE *to, bool first, double number, char *exact)
{
    if (!first)
        putc(',', to);
    if (exact)
        fprintf(to, "\"%s\"", exact);
    else
        fprintf(to, "%.17g", number);
    free(exact);
}

static void put_point(FILE *to, crease_region *region, bool exact)
{
    size_t n = crease_region_inputs(region);
    double *x = crease_alloc(n, sizeof *x);
    bool same = crease_region_point(region, x);
    fputs(",\"point\":[", to);
    /* Where no doubles are proved to lie inside, only the exact point will do. */
    for (size_t j = 0; j < n; j++)
        crease_cli_put_number(to, j == 0, x[j],
                              exact || !same ? crease_region_point_text(region, j) : NULL);
    putc(']', to);
    free(x);
}

static void put_facet(FILE *to, const crease_network *network, crease_region *region, size_t i,
                      const cli_region_fields *fields, double *row)
{
    size_t n = crease_region_inputs(region), layer, unit;
    crease_facet facet = crease_region_facet(region, i);
    fputs(i ? ",{\"row\":[" : "{\"row\":[", to);
    if (!fields->exact)
        crease_region_facet_row(region, i, row);
    for (size_t j = 0; j <= n; j++)
        crease_cli_put_number(to, j == 0, row[j],
                              crease_cli_in_text(fields->exact, row[j])
                                  ? crease_region_facet_text(region, i, j)
                                  : NULL);
    if (facet.kind == CREASE_FACET_UNIT) {
        crease_region_unit(region, facet.place, &layer, &unit);
        fprintf(to, "],\"layer\":%zu,\"unit\":%zu", layer, unit);
    } else if (facet.kind == CREASE_FACET_HALF) {
        fprintf(to, "],\"half_space\":%zu", facet.index);
    } else {
        fprintf(to, "],\"box\":\"%s\",\"input\":%zu",
                facet.kind == CREASE_FACET_LOW ? "low" : "high", facet.index);
    }
    if (fields->with & CREASE_WITH_NEIGHBOURS && facet.kind == CREASE_FACET_UNIT) {
        fputs(",\"neighbour\":", to);
        crease_cli_put_pattern(to, network, crease_region_neighbour(region, i));
    }
    putc('}', to);
}

static void put_facets(FILE *to, const crease_network *network, crease_region *region,
                       const cli_region_fields *fields)
{
    double *row = crease_alloc(crease_region_inputs(region) + 1, sizeof *row);
    fprintf(to, ",\"bounded\":%s,\"facets\":[", crease_region_bounded(region) ? "true" : "false");
    for (size_t i = 0; i < crease_region_facets(region); i++)
        put_facet(to, network, region, i, fields, row);
    putc(']', to);
    free(row);
}

/* null if it is infinite */
static void put_volume(FILE *to, crease_region *region, bool exact)
{
    fputs(",\"volume\":", to);
    if (crease_region_bounded(region))
        crease_cli_put_number(to, true, crease_region_volume(region),
                              crease_cli_in_text(exact, crease_region_volume(region))
                                  ? crease_region_volume_text(region)
                                  : NULL);
    else
        fputs("null", to);
}

static void put_vertices(FILE *to, crease_region *region, bool exact)
{
    size_t n = crease_region_inputs(region);
    double *x = crease_alloc(n, sizeof *x);
    fputs(",\"vertices\":[", to);
    for (size_t i = 0; i < crease_region_vertices(region); i++) {
        fputs(i ? ",[" : "[", to);
        crease_region_vertex(region, i, x);
        for (size_t j = 0; j < n; j++)
            crease_cli_put_number(
                to, j == 0, x[j],
                crease_cli_in_text(exact, x[j]) ? crease_region_vertex_text(region, i, j) : NULL);
        putc(']', to);
    }
    putc(']', to);
    free(x);
}

/* null if there are balls of every size */
static void put_center(FILE *to, crease_region *region, bool exact)
{
    size_t n = crease_region_inputs(region);
    fputs(",\"center\":", to);
    if (isinf(crease_region_inradius(region))) {
        fputs("null", to);
        return;
    }
    double *x = crease_alloc(n, sizeof *x);
    crease_region_center(region, x);
    putc('[', to);
    for (size_t j = 0; j < n; j++)
        crease_cli_put_number(to, j == 0, x[j],
                              crease_cli_in_text(exact, x[j]) ? crease_region_center_text(region, j)
                                                              : NULL);
    putc(']', to);
    free(x);
}

static void put_inradius(FILE *to, crease_region *region, bool exact)
{
    double radius = crease_region_inradius(region);
    fputs(",\"inradius\":", to);
    if (isinf(radius))
        fputs("null", to);
    else
        crease_cli_put_number(to, true, radius, exact ? crease_region_inradius_text(region) : NULL);
}

static void put_map(FILE *to, crease_region *region, bool exact)
{
    size_t n = crease_region_inputs(region), m = crease_region_outputs(region);
    double *A = crease_alloc(m * n, sizeof *A), *b = crease_alloc(m, sizeof *b);
    if (!exact)
        crease_region_map(region, A, b);
    fputs(",\"A\":[", to);
    for (size_t i = 0; i < m; i++) {
        fputs(i ? ",[" : "[", to);
        for (size_t j = 0; j < n; j++)
            crease_cli_put_number(to, j == 0, A[i * n + j],
                                  crease_cli_in_text(exact, A[i * n + j])
                                      ? crease_region_map_text(region, i, j)
                                      : NULL);
        putc(']', to);
    }
    fputs("],\"b\":[", to);
    for (size_t i = 0; i < m; i++)
        crease_cli_put_number(to, i == 0, b[i],
                              crease_cli_in_text(exact, b[i]) ? crease_region_map_text(region, i, n)
                                                              : NULL);
    putc(']', to);
    free(A);
    free(b);
}

static void put_weight(FILE *to, const crease_region *region)
{
    fprintf(to, ",\"weight\":%.17g,\"draws\":%zu", crease_region_weight(region),
            crease_region_draws(region));
    if (crease_region_group(region) >= 0)
        fprintf(to, ",\"group\":%d", crease_region_group(region));
}

void crease_cli_region_line(FILE *to, const crease_network *network, crease_region *region,
                            const cli_region_fields *fields)
{
    fputs("{", to);
    if (fields->file)
        fprintf(to, "\"file\":%s,", fields->file);
    fputs("\"pattern\":", to);
    crease_cli_put_pattern(to, network, crease_region_pattern(region));
    put_point(to, region, fields->exact);
    if (fields->with & CREASE_WITH_FACETS)
        put_facets(to, network, region, fields);
    if (fields->with & CREASE_WITH_VOLUME)
        put_volume(to, region, fields->exact);
    if (fields->with & CREASE_WITH_VERTICES)
        put_vertices(to, region, fields->exact);
    if (fields->with & CREASE_WITH_CENTER)
        put_center(to, region, fields->exact);
    if (fields->with & CREASE_WITH_INRADIUS)
        put_inradius(to, region, fields->exact);
    if (fields->with & CREASE_WITH_MAP)
        put_map(to, region, fields->exact);
    if (fields->with & CREASE_WITH_CLASS)
        fprintf(to, ",\"class\":%zu", crease_region_class(region));
    if (fields->with & CREASE_WITH_WEIGHT)
        put_weight(to, region);
    fputs("}\n", to);
}
