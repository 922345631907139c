#include "cli/piece_list.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"
#include "cli/region_text.h"
#include "regions/face.h"

#include <errno.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const crease_network *network;
    bool exact;
    omp_lock_t one; /* for what follows */
    FILE *to;
    int failure; /* errno */
} listing;

static void put_row(FILE *to, const crease_piece *piece, bool exact)
{
    size_t n = crease_region_inputs(piece->part);
    double *row = crease_alloc(n + 1, sizeof *row);
    crease_region_facet_row(piece->part, piece->facet, row);
    fputs(",\"row\":[", to);
    for (size_t j = 0; j <= n; j++)
        crease_cli_put_number(to, j == 0, row[j],
                              crease_cli_in_text(exact, row[j])
                                  ? crease_region_facet_text(piece->part, piece->facet, j)
                                  : NULL);
    putc(']', to);
    free(row);
}

static void put_vertices(FILE *to, const crease_piece *piece, bool exact)
{
    size_t n = crease_region_inputs(piece->part), vertices = crease_region_vertices(piece->part);
    size_t *list = crease_alloc(vertices, sizeof *list);
    double *x = crease_alloc(n, sizeof *x);
    size_t count = crease_region_face(piece->part, piece->facet, list);
    fputs(",\"vertices\":[", to);
    for (size_t i = 0; i < count; i++) {
        crease_region_vertex(piece->part, list[i], x);
        fputs(i ? ",[" : "[", to);
        for (size_t j = 0; j < n; j++)
            crease_cli_put_number(to, j == 0, x[j],
                                  crease_cli_in_text(exact, x[j])
                                      ? crease_region_vertex_text(piece->part, list[i], j)
                                      : NULL);
        putc(']', to);
    }
    putc(']', to);
    free(list);
    free(x);
}

/* From all workers at once. */
static bool visit(void *context, crease_piece *piece)
{
    listing *own = context;
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        crease_fatal("out of memory");
    fputs("{\"pattern\":", stream);
    crease_cli_put_pattern(stream, own->network, crease_region_pattern(piece->part));
    fputs(",\"beyond\":", stream);
    crease_cli_put_pattern(stream, own->network, piece->beyond);
    fprintf(stream, ",\"classes\":[%zu,%zu]", piece->classes[0], piece->classes[1]);
    put_row(stream, piece, own->exact);
    if (crease_region_inputs(piece->part) <= CREASE_MAX_PIECE_INPUTS)
        put_vertices(stream, piece, own->exact);
    fputs("}\n", stream);
    if (fclose(stream))
        crease_fatal("out of memory");
    omp_set_lock(&own->one);
    if (!own->failure && fwrite(text, 1, length, own->to) != length)
        own->failure = errno;
    bool good = !own->failure;
    omp_unset_lock(&own->one);
    free(text);
    return good;
}

crease_status crease_cli_list_pieces(const cli_options *options, const crease_network *network,
                                     const crease_domain *domain, crease_boundary *boundary,
                                     crease_result *result, crease_error *error)
{
    crease_output output;
    listing own = {.network = network, .exact = options->exact, .to = stdout};
    crease_status status = CREASE_OK;
    if (!options->to_stdout) {
        status = crease_output_open(options->output, &output, error);
        if (status)
            return status;
        own.to = crease_output_stream(&output);
    }
    omp_init_lock(&own.one);
    status = crease_boundary_pieces(network, domain, options->level, &options->count, visit, &own,
                                    boundary, result, error);
    omp_destroy_lock(&own.one);
    bool found = !status;
    if (found && !own.failure && fflush(own.to))
        own.failure = errno;
    if (found && !own.failure && !options->to_stdout && result->complete &&
        !crease_output_commit(&output))
        own.failure = errno;
    if (found && own.failure)
        status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s",
                             options->to_stdout ? "standard output" : options->output,
                             strerror(own.failure));
    if (found && status)
        crease_boundary_clear(boundary);
    if (!options->to_stdout) {
        fclose(own.to);
        crease_output_close(&output);
    }
    return status;
}
