/* The regions of a network with three inputs as a mesh, in the formats of Stanford (.ply) and of
 * Wavefront (.obj). */
#include "base/output.h"
#include "base/status.h"
#include "draw/shade.h"
#include "draw/solid.h"
#include "draw/span.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

static bool ends(const char *path, const char *end)
{
    size_t length = strlen(path), own = strlen(end);
    return length > own && !strcasecmp(path + length - own, end);
}

bool crease_mesh_named(const char *path)
{
    return ends(path, ".ply") || ends(path, ".obj");
}

/* The solids, and what their colours span. */
typedef struct {
    crease_solids solids;
    crease_color_by color;
    double low, high;
} mesh;

static void set_span(mesh *m)
{
    m->low = INFINITY;
    m->high = -INFINITY;
    for (size_t i = 0; i < m->solids.count; i++) {
        m->low = fmin(m->low, m->solids.solid[i].value);
        m->high = fmax(m->high, m->solids.solid[i].value);
    }
    crease_shades_span(m->color, &m->low, &m->high);
}

static crease_color color_of(const mesh *m, const crease_solid *s)
{
    size_t shade =
        crease_shades_are_kinds(m->color) ? s->kind : crease_shade_of(s->value, m->low, m->high);
    return crease_shade_color(m->color, shade, m->low, m->high);
}

/* Every solid has vertices of its own, so that they can have its colour and be moved apart. */
static void count_all(const mesh *m, size_t *vertices, size_t *faces, size_t *most)
{
    *vertices = *faces = *most = 0;
    for (size_t i = 0; i < m->solids.count; i++) {
        const crease_solid *s = &m->solids.solid[i];
        *vertices += s->vertices;
        *faces += s->faces;
        for (size_t f = 0; f < s->faces; f++) {
            size_t corners = s->begin[f + 1] - s->begin[f];
            *most = corners > *most ? corners : *most;
        }
    }
}

/* ---- .ply ---- */

static void write_bytes(FILE *file, crease_color color)
{
    fprintf(file, " %.0f %.0f %.0f", 255 * color.red, 255 * color.green, 255 * color.blue);
}

static void write_ply_head(const mesh *m, FILE *file)
{
    const char *colors = m->color == CREASE_COLOR_NONE
                             ? ""
                             : "property uchar red\nproperty uchar green\nproperty uchar blue\n";
    const size_t byte = 255;
    size_t vertices, faces, most;
    count_all(m, &vertices, &faces, &most);
    fprintf(
        file,
        "ply\nformat ascii 1.0\ncomment %zu regions of a network with three inputs, a polyhedron "
        "each; layer: of the unit that changes across the face, -1 on the border\n"
        "element vertex %zu\nproperty double x\nproperty double y\nproperty double z\n%s"
        "element face %zu\nproperty list %s int vertex_indices\nproperty int region\n"
        "property int layer\n%send_header\n",
        m->solids.count, vertices, colors, faces, most > byte ? "int" : "uchar", colors);
}

static void write_ply(const mesh *m, FILE *file)
{
    bool colored = m->color != CREASE_COLOR_NONE;
    size_t before = 0;
    write_ply_head(m, file);
    for (size_t i = 0; i < m->solids.count; i++) {
        const crease_solid *s = &m->solids.solid[i];
        for (size_t v = 0; v < s->vertices; v++) {
            fprintf(file, "%.17g %.17g %.17g", s->vertex[3 * v], s->vertex[3 * v + 1],
                    s->vertex[3 * v + 2]);
            if (colored)
                write_bytes(file, color_of(m, s));
            putc('\n', file);
        }
    }
    for (size_t i = 0; i < m->solids.count; before += m->solids.solid[i++].vertices) {
        const crease_solid *s = &m->solids.solid[i];
        for (size_t f = 0; f < s->faces; f++) {
            fprintf(file, "%zu", s->begin[f + 1] - s->begin[f]);
            for (size_t k = s->begin[f]; k < s->begin[f + 1]; k++)
                fprintf(file, " %zu", before + s->corner[k]);
            fprintf(file, " %zu %d", i, (int)s->layer[f]);
            if (colored)
                write_bytes(file, color_of(m, s));
            putc('\n', file);
        }
    }
}

/* ---- .obj ---- */

/* Colours behind the coordinates are an extension that most programs read. */
static void write_obj(const mesh *m, FILE *file)
{
    size_t before = 1;
    fprintf(file, "# crease: %zu regions of a network with three inputs, a polyhedron each\n",
            m->solids.count);
    for (size_t i = 0; i < m->solids.count; before += m->solids.solid[i++].vertices) {
        const crease_solid *s = &m->solids.solid[i];
        crease_color color = color_of(m, s);
        fprintf(file, "o region_%zu\n", i);
        for (size_t v = 0; v < s->vertices; v++) {
            fprintf(file, "v %.17g %.17g %.17g", s->vertex[3 * v], s->vertex[3 * v + 1],
                    s->vertex[3 * v + 2]);
            if (m->color != CREASE_COLOR_NONE)
                fprintf(file, " %.4g %.4g %.4g", color.red, color.green, color.blue);
            putc('\n', file);
        }
        for (size_t f = 0; f < s->faces; f++) {
            putc('f', file);
            for (size_t k = s->begin[f]; k < s->begin[f + 1]; k++)
                fprintf(file, " %zu", before + s->corner[k]);
            putc('\n', file);
        }
    }
}

static crease_status write(const mesh *m, const char *path, crease_error *error)
{
    crease_output output;
    crease_status status = crease_output_open(path, &output, error);
    if (status)
        return status;
    FILE *file = crease_output_stream(&output);
    (ends(path, ".ply") ? write_ply : write_obj)(m, file);
    bool good = !ferror(file);
    good = !fclose(file) && good;
    if (!good || !crease_output_commit(&output))
        status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", path, strerror(errno));
    crease_output_close(&output);
    return status;
}

crease_status crease_mesh_write(const crease_network *network, const crease_domain *domain,
                                crease_color_by color, const crease_options *options,
                                const char *path, crease_result *result, crease_error *error)
{
    mesh m = {.color = color};
    if (!crease_mesh_named(path))
        return crease_fail(error, CREASE_INPUT, "%s: the name of a mesh ends in .ply or .obj",
                           path);
    crease_status status = crease_span_check(domain, error);
    if (!status)
        status = crease_solids_find(network, domain, color, options, &m.solids, result, error);
    set_span(&m);
    if (!status && result->complete)
        status = write(&m, path, error);
    crease_solids_clear(&m.solids);
    return status;
}
