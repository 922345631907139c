#include "draw/paint.h"

#include "base/memory.h"
#include "draw/evaluate.h"
#include "draw/palette.h"
#include "draw/shade.h"
#include "regions/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- What colours show ---- */

static size_t active_units(const crease_polygons *p, size_t r)
{
    size_t active = 0;
    for (size_t u = 0; u < p->units; u++)
        active += p->pattern[r * p->units + u] != 0;
    return active;
}

size_t crease_first_layer_end(const crease_network *network)
{
    size_t units = crease_units_count(network), end = 0, first, layer, unit;
    for (size_t place = 0; place < units; place++) {
        crease_units_at(network, place, &layer, &unit);
        first = place ? first : layer;
        end += layer == first;
    }
    return end;
}

static double area_of(const crease_polygons *p, size_t r)
{
    const double *a = p->corner + 2 * p->begin[r];
    double twice = 0;
    for (int64_t i = p->begin[r] + 1; i + 1 < p->begin[r + 1]; i++) {
        const double *b = p->corner + 2 * i, *c = b + 2;
        twice += (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    }
    return twice / 2;
}

static void mean_corner(const crease_polygons *p, size_t r, double mean[2])
{
    double count = (double)(p->begin[r + 1] - p->begin[r]);
    mean[0] = mean[1] = 0;
    for (int64_t i = p->begin[r]; i < p->begin[r + 1]; i++)
        for (size_t j = 0; j < 2; j++)
            mean[j] += p->corner[2 * i + (int64_t)j] / count;
}

static void set_values(crease_painting *own)
{
    const crease_polygons *p = own->polygons;
    crease_evaluator *evaluator = crease_evaluator_new(own->network);
    own->value = crease_alloc(p->regions, sizeof *own->value);
    for (size_t r = 0; r < p->regions; r++) {
        double mean[2];
        mean_corner(p, r, mean);
        own->value[r] = own->picture->color == CREASE_COLOR_ACTIVE ? (double)active_units(p, r)
                        : own->picture->color == CREASE_COLOR_VALUE
                            ? crease_evaluator_at(evaluator, mean)[0]
                            : log10(fmax(area_of(p, r), 1e-300));
    }
    crease_evaluator_free(evaluator);
}

/* Across an edge an odd number of units of the first layer change, unless some are duplicates. */
static void set_layers(crease_painting *own)
{
    const crease_polygons *p = own->polygons;
    size_t end = crease_first_layer_end(own->network);
    own->kind = crease_alloc(p->regions, sizeof *own->kind);
    for (size_t r = 0; r < p->regions; r++)
        for (size_t u = 0; u < end; u++)
            own->kind[r] ^= p->pattern[r * p->units + u] & 1;
}

typedef struct {
    const double *map;
    size_t size, region;
} keyed;

static int by_map(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    int order = memcmp(x->map, y->map, x->size);
    return order ? order : (x->region > y->region) - (x->region < y->region);
}

static void set_maps(crease_painting *own)
{
    const crease_polygons *p = own->polygons;
    keyed *all = crease_alloc(p->regions, sizeof *all);
    own->kind = crease_alloc(p->regions, sizeof *own->kind);
    for (size_t r = 0; r < p->regions; r++)
        all[r] = (keyed){p->map + 3 * r * p->outputs, 3 * p->outputs * sizeof *p->map, r};
    if (p->regions)
        qsort(all, p->regions, sizeof *all, by_map);
    for (size_t i = 0, map = 0; i < p->regions; i++) {
        map += i && memcmp(all[i].map, all[i - 1].map, all[i].size);
        own->kind[all[i].region] = map;
    }
    free(all);
}

static void set_outputs(crease_painting *own)
{
    const double share = 1e-9;
    const crease_polygons *p = own->polygons;
    crease_evaluator *evaluator = crease_evaluator_new(own->network);
    double largest = 0;
    own->corner_output = crease_alloc(p->corners * p->outputs, sizeof *own->corner_output);
    for (size_t i = 0; i < p->corners; i++) {
        double *output = own->corner_output + i * p->outputs;
        memcpy(output, crease_evaluator_at(evaluator, p->corner + 2 * i),
               p->outputs * sizeof *output);
        for (size_t k = 0; k < p->outputs; k++)
            largest = fmax(largest, fabs(output[k]));
    }
    own->slack = share * largest;
    crease_evaluator_free(evaluator);
}

/* Where outputs are equal all along an edge: is the class on the other side another one? */
static void add_edge(crease_painting *own, crease_evaluator *evaluator, size_t i, size_t k)
{
    const crease_polygons *p = own->polygons;
    const double *a = p->corner + 2 * i, *b = p->corner + 2 * k, step = 1e-6;
    double side[2], normal[2] = {step * (b[1] - a[1]), step * (a[0] - b[0])};
    size_t class[2];
    for (size_t s = 0; s < 2; s++) {
        for (size_t j = 0; j < 2; j++)
            side[j] = (a[j] + b[j]) / 2 + (s ? normal[j] : -normal[j]);
        class[s] = crease_class_of(crease_evaluator_at(evaluator, side), p->outputs);
    }
    if (class[0] != class[1])
        crease_segments_add(&own->boundary, a, b);
}

/* Are the two largest outputs equal there, or the only one 0? */
static bool is_tie(const crease_painting *own, size_t i)
{
    size_t outputs = own->polygons->outputs;
    const double *output = own->corner_output + i * outputs;
    double first = -INFINITY, second = outputs == 1 ? 0 : -INFINITY;
    for (size_t k = 0; k < outputs; k++) {
        second = output[k] > first ? (outputs > 1 ? first : 0) : fmax(second, output[k]);
        first = fmax(first, output[k]);
    }
    return outputs == 1 ? fabs(first) <= own->slack : first - second <= own->slack;
}

/* The parts of all classes, and the boundary between them. */
static void divide(crease_painting *own)
{
    const crease_polygons *p = own->polygons;
    crease_evaluator *evaluator = crease_evaluator_new(own->network);
    for (size_t r = 0; r < p->regions; r++) {
        size_t begin = (size_t)p->begin[r], end = (size_t)p->begin[r + 1];
        crease_classes_divide(end - begin, p->corner + 2 * begin, p->outputs,
                              own->corner_output + begin * p->outputs, own->slack, &own->parts,
                              &own->boundary);
        for (size_t i = begin; i < end; i++) {
            size_t k = i + 1 < end ? i + 1 : begin;
            if (p->first[i] && p->layer[i] >= 0 && is_tie(own, i) && is_tie(own, k))
                add_edge(own, evaluator, i, k);
        }
    }
    crease_evaluator_free(evaluator);
}

crease_status crease_painting_open(crease_painting *own, const crease_network *network,
                                   const crease_domain *window, const crease_picture *picture,
                                   const crease_options *options, crease_result *result,
                                   crease_error *error)
{
    *own = (crease_painting){.network = network, .picture = picture};
    crease_status status =
        crease_polygons_find(network, window, options, picture->color == CREASE_COLOR_MAP,
                             &own->polygons, result, error);
    if (status)
        return status;
    switch (picture->color) {
    case CREASE_COLOR_ACTIVE:
    case CREASE_COLOR_VALUE:
    case CREASE_COLOR_VOLUME: set_values(own); break;
    case CREASE_COLOR_LAYER: set_layers(own); break;
    case CREASE_COLOR_MAP: set_maps(own); break;
    default: break;
    }
    if (picture->color == CREASE_COLOR_CLASS || picture->boundary)
        set_outputs(own);
    if (own->corner_output)
        divide(own);
    return CREASE_OK;
}

void crease_painting_close(crease_painting *own)
{
    crease_polygons_free(own->polygons);
    free(own->value);
    free(own->kind);
    free(own->corner_output);
    crease_parts_free(&own->parts);
    crease_segments_free(&own->boundary);
}

void crease_painting_range(const crease_painting *own, double *low, double *high)
{
    for (size_t r = 0; own->value && r < own->polygons->regions; r++) {
        *low = fmin(*low, own->value[r]);
        *high = fmax(*high, own->value[r]);
    }
}

void crease_painting_layers(const crease_painting *own, bool *seen)
{
    for (size_t i = 0; i < own->polygons->corners; i++)
        if (own->polygons->layer[i] >= 0)
            seen[own->polygons->layer[i]] = true;
}

void crease_painting_classes(const crease_painting *own, bool *seen)
{
    for (size_t i = 0; i < own->parts.count; i++)
        seen[own->parts.which[i]] = true;
}

/* ---- Drawing ---- */

/* Paths of more parts than this would be slow to draw. */
enum { PARTS = 500 };

static void add_path(crease_canvas *c, const crease_panel *panel, size_t corners,
                     const double *corner)
{
    for (size_t i = 0; i < corners; i++)
        (i ? crease_canvas_line : crease_canvas_move)(c, crease_panel_x(panel, corner[2 * i]),
                                                      crease_panel_y(panel, corner[2 * i + 1]));
    crease_canvas_end(c);
}

static void add_region_path(const crease_painting *own, crease_canvas *c, const crease_panel *panel,
                            size_t r)
{
    const crease_polygons *p = own->polygons;
    add_path(c, panel, (size_t)(p->begin[r + 1] - p->begin[r]), p->corner + 2 * p->begin[r]);
}

typedef struct {
    size_t shade, region;
} shaded;

static int by_shade(const void *a, const void *b)
{
    const shaded *x = a, *y = b;
    return (x->shade > y->shade) - (x->shade < y->shade);
}

static size_t shade_of(const crease_painting *own, size_t r, double low, double high)
{
    return own->kind ? own->kind[r] : crease_shade_of(own->value[r], low, high);
}

/* Regions of one colour together: no seams are seen between them. */
static void fill_regions(const crease_painting *own, crease_canvas *c, const crease_panel *panel,
                         double low, double high)
{
    size_t count = own->polygons->regions, parts = 0;
    shaded *all = crease_alloc(count, sizeof *all);
    for (size_t r = 0; r < count; r++)
        all[r] = (shaded){shade_of(own, r, low, high), r};
    if (count)
        qsort(all, count, sizeof *all, by_shade);
    for (size_t i = 0; i < count; i++) {
        add_region_path(own, c, panel, all[i].region);
        parts++;
        if (i + 1 == count || all[i + 1].shade != all[i].shade || parts == PARTS) {
            crease_canvas_fill(c, crease_shade_color(own->picture->color, all[i].shade, low, high));
            parts = 0;
        }
    }
    free(all);
}

static void fill_classes(const crease_painting *painting, crease_canvas *c,
                         const crease_panel *panel)
{
    const crease_parts *own = &painting->parts;
    size_t classes = painting->polygons->outputs == 1 ? 2 : painting->polygons->outputs;
    for (size_t k = 0; k < classes; k++) {
        size_t parts = 0;
        for (size_t i = 0; i < own->count; i++) {
            if (own->which[i] != k)
                continue;
            add_path(c, panel, own->begin[i + 1] - own->begin[i], own->corner + 2 * own->begin[i]);
            if (++parts == PARTS) {
                crease_canvas_fill(c, crease_palette_pale(k));
                parts = 0;
            }
        }
        if (parts)
            crease_canvas_fill(c, crease_palette_pale(k));
    }
}

bool crease_creases_coloured(const crease_picture *picture)
{
    return picture->color <= CREASE_COLOR_LAYER && !picture->group;
}

crease_color crease_crease_color(bool coloured, size_t layer)
{
    static const double grey[] = {0.25, 0.45, 0.57, 0.66};
    const size_t last = sizeof grey / sizeof *grey - 1;
    double g = grey[layer < last ? layer : last];
    return coloured ? crease_palette_strong(layer) : (crease_color){g, g, g};
}

double crease_crease_width(double width, size_t layer)
{
    return width * fmax(0.5, 1 - 0.18 * (double)layer);
}

/* Lines that leave most of the paper free, whatever the number of regions. */
static double line_width(const crease_painting *own, const crease_panel *panel)
{
    const double thin = 0.12, thick = 0.9, share = 0.055;
    double side = sqrt(panel->width * panel->height / (double)(own->polygons->regions + 1));
    return fmin(fmax(share * side, thin), thick);
}

/* Each edge once; those of the first layer on top. */
static void draw_creases(const crease_painting *own, crease_canvas *c, const crease_panel *panel)
{
    const crease_polygons *p = own->polygons;
    bool coloured = crease_creases_coloured(own->picture);
    double width = line_width(own, panel);
    for (size_t layer = own->network->layers; layer-- > 0;) {
        size_t parts = 0;
        crease_color color = crease_crease_color(coloured, layer);
        for (size_t r = 0; r < p->regions; r++)
            for (int64_t i = p->begin[r]; i < p->begin[r + 1]; i++) {
                if (!p->first[i] || p->layer[i] != (int64_t)layer)
                    continue;
                const double *a = p->corner + 2 * i;
                const double *b = p->corner + 2 * (i + 1 < p->begin[r + 1] ? i + 1 : p->begin[r]);
                crease_canvas_move(c, crease_panel_x(panel, a[0]), crease_panel_y(panel, a[1]));
                crease_canvas_line(c, crease_panel_x(panel, b[0]), crease_panel_y(panel, b[1]));
                if (++parts == PARTS) {
                    crease_canvas_stroke(c, color, crease_crease_width(width, layer));
                    parts = 0;
                }
            }
        if (parts)
            crease_canvas_stroke(c, color, crease_crease_width(width, layer));
    }
}

static void draw_boundary(const crease_segments *segments, crease_canvas *c,
                          const crease_panel *panel, double width)
{
    for (size_t i = 0; i < segments->count; i++) {
        const double *end = segments->end + 4 * i;
        crease_canvas_move(c, crease_panel_x(panel, end[0]), crease_panel_y(panel, end[1]));
        crease_canvas_line(c, crease_panel_x(panel, end[2]), crease_panel_y(panel, end[3]));
        if (i % PARTS == PARTS - 1 || i + 1 == segments->count)
            crease_canvas_stroke(c, crease_black, width);
    }
}

void crease_painting_draw(const crease_painting *own, crease_canvas *c, const crease_panel *panel,
                          double low, double high)
{
    const double bold = 2.2;
    crease_canvas_enter(c, panel->x, panel->y, panel->width, panel->height, own->picture->raster);
    if (own->picture->color == CREASE_COLOR_CLASS)
        fill_classes(own, c, panel);
    else if (own->kind || own->value)
        fill_regions(own, c, panel, low, high);
    draw_creases(own, c, panel);
    if (own->picture->boundary)
        draw_boundary(&own->boundary, c, panel, bold);
    crease_canvas_leave(c);
}
