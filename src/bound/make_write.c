#include <stdio.h> /* before gmp.h */

#include "bound/make.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A JSON number if binary64 holds the value, otherwise a string with the fraction. */
static void write_number(FILE *file, const mpq_t value)
{
    char text[32];
    mpq_t back;
    double near = mpq_get_d(value);
    mpq_init(back);
    if (near - near == 0) /* finite */
        mpq_set_d(back, near);
    bool exact = near - near == 0 && mpq_equal(back, value);
    mpq_clear(back);
    if (!exact) {
        putc('"', file);
        mpq_out_str(file, 10, value);
        putc('"', file);
        return;
    }
    /* Few digits that read back. */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, near);
        if (strtod(text, NULL) == near)
            break;
    }
    fputs(text, file);
}

static void write_units(crease_made *made, size_t layer, FILE *file, const crease_flag *stop)
{
    size_t fan = layer ? made->width[layer - 1] : made->inputs;
    size_t pieces = made->rank ? made->rank : 1;
    size_t width = layer < made->layers ? made->width[layer] * pieces : 1; /* rows */
    mpq_t *value = crease_alloc(fan + 1, sizeof *value);
    mpq_t *bias = crease_alloc(width, sizeof *bias);
    for (size_t j = 0; j <= fan; j++)
        mpq_init(value[j]);
    fputs("  {\"weight\": [\n", file);
    for (size_t u = 0; u < width; u++) {
        mpq_init(bias[u]);
        for (size_t j = 0; j <= fan; j++)
            mpq_set_ui(value[j], 0, 1);
        if (!(stop && *stop) && !ferror(file))
            made->family->row(made, layer, u, value);
        mpq_set(bias[u], value[fan]);
        for (size_t j = 0; j < fan; j++) {
            fputs(j ? ", " : "    [", file);
            write_number(file, value[j]);
        }
        fputs(u + 1 < width ? "],\n" : "]],\n", file);
    }
    fputs("   \"bias\": [", file);
    for (size_t u = 0; u < width; u++) {
        write_number(file, bias[u]);
        fputs(u + 1 < width ? ", " : "],\n", file);
        mpq_clear(bias[u]);
    }
    for (size_t j = 0; j <= fan; j++)
        mpq_clear(value[j]);
    free(value);
    free(bias);
}

static void write_network(crease_made *made, FILE *file, const crease_flag *stop)
{
    made->state = made->seed;
    fprintf(file, "{\"comment\": \"%s\",\n \"input\": %zu,\n \"layers\": [\n", made->comment,
            made->inputs);
    for (size_t l = 0; l <= made->layers; l++) {
        write_units(made, l, file, stop);
        if (l < made->layers && made->rank)
            fprintf(file, "   \"activation\": \"%s\", \"rank\": %zu},\n",
                    crease_activation_name(CREASE_MAXOUT), made->rank);
        else
            fprintf(file, "   \"activation\": \"%s\"}%s\n",
                    crease_activation_name(l < made->layers ? CREASE_RELU : CREASE_LINEAR),
                    l < made->layers ? "," : "]}");
    }
}

crease_status crease_made_write(crease_made *made, const char *path, const crease_flag *stop,
                                crease_error *error)
{
    crease_output output;
    crease_status status = crease_output_open(path, &output, error);
    if (status)
        return status;
    FILE *file = crease_output_stream(&output);
    errno = 0;
    write_network(made, file, stop);
    bool good = fflush(file) == 0 && !ferror(file);
    if (stop && *stop)
        status = crease_fail(error, CREASE_INPUT, "%s: stopped, nothing is written", path);
    else if (!good || !crease_output_commit(&output))
        status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", path,
                             strerror(errno ? errno : EIO));
    fclose(file);
    crease_output_close(&output);
    return status;
}
