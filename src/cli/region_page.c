#include "cli/region_text.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL = 11, NUMBER = 40 };

static void put_states(FILE *to, const crease_network *network, const uint8_t *pattern)
{
    for (size_t l = 0; l < crease_network_layers(network); l++) {
        if (crease_network_activation(network, l) == CREASE_LINEAR)
            continue;
        size_t units = crease_network_width(network, l) - crease_network_carry(network, l);
        fprintf(to, "%*slayer %zu:", LABEL, "", l);
        for (size_t u = 0; u < units; u++)
            fprintf(to, "%s%u", u % 8 ? "" : " ", *pattern++);
        putc('\n', to);
    }
}

/* One number, with six digits or as a fraction, which is freed. */
static void number(char text[NUMBER], double value, char **exact)
{
    snprintf(text, NUMBER, "%.6g", value);
    if (*exact && strlen(*exact) < NUMBER)
        strcpy(text, *exact);
    free(*exact);
    *exact = NULL;
}

/* " + 0.5 x3": a term of a sum, nothing if it is 0.  Returns true if one was printed before. */
static bool put_term(FILE *to, bool more, const char *value, const char *variable, size_t j)
{
    bool negative = *value == '-';
    if (!strcmp(value, "0") || !strcmp(value, "-0"))
        return more;
    fputs(more ? negative ? " - " : " + " : negative ? "-" : "", to);
    value += negative;
    if (!variable)
        fputs(value, to);
    else if (strcmp(value, "1"))
        fprintf(to, "%s %s%zu", value, variable, j);
    else
        fprintf(to, "%s%zu", variable, j);
    return true;
}

static void put_facet(FILE *to, crease_region *region, size_t i, double *row, bool exact)
{
    size_t n = crease_region_inputs(region), layer, unit;
    crease_facet facet = crease_region_facet(region, i);
    char text[NUMBER], who[64];
    crease_region_facet_row(region, i, row);
    if (facet.kind == CREASE_FACET_UNIT) {
        crease_region_unit(region, facet.place, &layer, &unit);
        snprintf(who, sizeof who, "layer %zu unit %zu", layer, unit);
    } else if (facet.kind == CREASE_FACET_HALF) {
        snprintf(who, sizeof who, "half-space %zu of the domain", facet.index);
    } else {
        snprintf(who, sizeof who, "%s side of the box, input %zu",
                 facet.kind == CREASE_FACET_LOW ? "lower" : "upper", facet.index);
    }
    fprintf(to, "%*s", LABEL, "");
    bool more = false;
    for (size_t j = 0; j <= n; j++) {
        char *whole = exact ? crease_region_facet_text(region, i, j) : NULL;
        number(text, row[j], &whole);
        more = put_term(to, more, text, j < n ? "x" : NULL, j);
    }
    fprintf(to, " > 0   (%s)\n", who);
}

static void put_facets(FILE *to, crease_region *region, bool exact)
{
    double *row = crease_alloc(crease_region_inputs(region) + 1, sizeof *row);
    fprintf(to, "%-*s%zu\n", LABEL, "facets", crease_region_facets(region));
    for (size_t i = 0; i < crease_region_facets(region); i++)
        put_facet(to, region, i, row, exact);
    free(row);
}

static void put_map(FILE *to, crease_region *region, bool exact)
{
    size_t n = crease_region_inputs(region), m = crease_region_outputs(region);
    double *A = crease_alloc(m * n, sizeof *A), *b = crease_alloc(m, sizeof *b);
    char text[NUMBER];
    crease_region_map(region, A, b);
    for (size_t i = 0; i < m; i++) {
        fprintf(to, "%-*sy%zu = ", LABEL, i ? "" : "map", i);
        bool more = false;
        for (size_t j = 0; j <= n; j++) {
            char *whole = exact ? crease_region_map_text(region, i, j) : NULL;
            number(text, j < n ? A[i * n + j] : b[i], &whole);
            more = put_term(to, more, text, j < n ? "x" : NULL, j);
        }
        fputs(more ? "\n" : "0\n", to);
    }
    free(A);
    free(b);
}

void crease_cli_region_page(FILE *to, const crease_network *network, crease_region *region,
                            bool exact)
{
    size_t n = crease_region_inputs(region);
    double *x = crease_alloc(n, sizeof *x);
    bool same = crease_region_point(region, x);
    fprintf(to, "pattern\n");
    put_states(to, network, crease_region_pattern(region));
    fprintf(to, "%-*s%s\n%-*s", LABEL, "bounded", crease_region_bounded(region) ? "yes" : "no",
            LABEL, "inside");
    for (size_t j = 0; j < n; j++) {
        char *whole = exact || !same ? crease_region_point_text(region, j) : NULL;
        if (whole)
            fprintf(to, "%s%s", j ? ", " : "", whole);
        else
            fprintf(to, "%s%.17g", j ? ", " : "", x[j]);
        free(whole);
    }
    putc('\n', to);
    put_map(to, region, exact);
    if (crease_region_outputs(region) > 1)
        fprintf(to, "%-*s%zu\n", LABEL, "class", crease_region_class(region));
    put_facets(to, region, exact);
    free(x);
}
