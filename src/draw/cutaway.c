#include "draw/cutaway.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/status.h"
#include "domain/domain.h"
#include "domain/slice.h"
#include "draw/axis.h"
#include "draw/palette.h"
#include "draw/sheet.h"
#include "draw/span.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN 12.0
#define LEFT 46.0
#define BELOW 34.0

enum { N = 3, SECTIONS = 6 };

/* Where the box [0, 1]^3 is on the sheet: its near corner (1, 1, 1) in the middle of a regular
 * hexagon whose sides are `side` long. */
typedef struct {
    double x, y, side;
} view;

static void project(const view *v, const double t[N], double *x, double *y)
{
    const double cosine = sqrt(3) / 2, sine = 0.5;
    *x = v->x + v->side * cosine * (t[1] - t[0]);
    *y = v->y + v->side * (sine * (t[0] + t[1]) - t[2]);
}

/* ---- Sections ---- */

/* Section s of a network is the plane x_j = hi_j, or from the fourth on the middle between lo_j and
 * hi_j, with j = s % 3.  Its inputs are the other coordinates, ascending. */
static size_t other(size_t s, size_t k)
{
    size_t j = s % N;
    return k < j ? k : k + 1;
}

static void set_middle(const crease_domain *box, size_t j, mpq_t value)
{
    mpq_add(value, box->lo[j], box->hi[j]);
    mpq_div_2exp(value, value, 1);
}

static crease_network *section_of(const crease_network *network, const crease_domain *box, size_t s)
{
    crease_slice slice;
    crease_slice_open(&slice, N, 2);
    for (size_t k = 0; k < 2; k++)
        mpq_set_ui(slice.map[3 * other(s, k) + k], 1, 1);
    mpq_ptr level = slice.map[3 * (s % N) + 2];
    if (s < N)
        mpq_set(level, box->hi[s]);
    else
        set_middle(box, s % N, level);
    crease_network *section = crease_network_slice(network, &slice, "section");
    crease_slice_clear(&slice);
    return section;
}

static crease_domain *window_of(const crease_domain *box, size_t s)
{
    crease_domain *window = crease_domain_new(2, true, 0);
    for (size_t k = 0; k < 2; k++) {
        size_t j = other(s, k);
        mpq_set(window->hi[k], box->hi[j]);
        if (s < N)
            mpq_set(window->lo[k], box->lo[j]);
        else
            set_middle(box, j, window->lo[k]);
    }
    return window;
}

/* Draws the section where it is in the box. */
static void draw_section(const crease_sheet *sheet, crease_canvas *c, const view *v,
                         const crease_domain *box, size_t network, size_t s)
{
    double corner[N], right[N], down[N], map[6], share = s < N ? 1 : 0.5, side = share * v->side;
    crease_domain *window = window_of(box, s);
    crease_panel panel = {.width = side, .height = side};
    for (size_t k = 0; k < 2; k++) {
        panel.low[k] = mpq_get_d(window->lo[k]);
        panel.high[k] = mpq_get_d(window->hi[k]);
    }
    crease_domain_free(window);
    corner[s % N] = share;
    corner[other(s, 0)] = 1 - share;
    corner[other(s, 1)] = 1;
    memcpy(right, corner, sizeof right);
    memcpy(down, corner, sizeof down);
    right[other(s, 0)] = 1;
    down[other(s, 1)] = 1 - share;
    project(v, corner, &map[2], &map[5]);
    project(v, right, &map[0], &map[3]);
    project(v, down, &map[1], &map[4]);
    for (size_t i = 0; i < 6; i++)
        map[i] = i % 3 == 2 ? map[i] : (map[i] - map[i - i % 3 + 2]) / side;
    crease_canvas_slant(c, map);
    crease_painting_draw(&sheet->painting[network * SECTIONS + s], c, &panel, sheet->low,
                         sheet->high);
    crease_canvas_slant(c, NULL);
}

/* ---- Lines ---- */

static void go(crease_canvas *c, const view *v, const double t[N], bool begin)
{
    double x, y;
    project(v, t, &x, &y);
    (begin ? crease_canvas_move : crease_canvas_line)(c, x, y);
}

/* The outline of the part of the box in which all coordinates are at least low. */
static void add_outline(crease_canvas *c, const view *v, double low)
{
    const double corner[6][N] = {{1, low, low}, {1, 1, low},   {low, 1, low},
                                 {low, 1, 1},   {low, low, 1}, {1, low, 1}};
    for (size_t i = 0; i < 6; i++)
        go(c, v, corner[i], i == 0);
    crease_canvas_end(c);
}

/* Edges of the box and of the part that is taken out; those in the hollow are thinner. */
static void draw_lines(crease_canvas *c, const view *v)
{
    for (size_t j = 0; j < N; j++) {
        double from[N] = {1, 1, 1}, to[N] = {1, 1, 1}, deep[N] = {0.5, 0.5, 0.5},
               out[N] = {0.5, 0.5, 0.5};
        from[j] = 0.5;
        to[j] = 0;
        out[j] = 1;
        go(c, v, deep, true);
        go(c, v, out, false);
        crease_canvas_stroke(c, crease_black, 0.5);
        go(c, v, from, true);
        go(c, v, to, false);
        crease_canvas_stroke(c, crease_black, 1.1);
    }
    add_outline(c, v, 0.5);
    add_outline(c, v, 0);
    crease_canvas_stroke(c, crease_black, 1.1);
}

/* Ticks of coordinate j on the edge from t, where it is 0, to the outside in this direction. */
static void draw_axis(crease_canvas *c, const view *v, const crease_domain *box, size_t j,
                      const double from[N], double right, double down)
{
    const double apart = 38, tick = 3, gap = 13, label_gap = 30;
    const crease_text_anchor anchor = right < 0 ? CREASE_TEXT_RIGHT : CREASE_TEXT_LEFT;
    double low = mpq_get_d(box->lo[j]), high = mpq_get_d(box->hi[j]), x, y;
    crease_ticks ticks = crease_ticks_choose(low, high, (size_t)fmax(2, v->side / apart));
    char text[CREASE_TICK_TEXT];
    double t[N] = {from[0], from[1], from[2]};
    for (size_t i = 0; i < ticks.count; i++) {
        t[j] = (crease_tick_at(&ticks, i) - low) / (high - low);
        project(v, t, &x, &y);
        crease_canvas_move(c, x, y);
        crease_canvas_line(c, x + tick * right, y + tick * down);
        crease_canvas_stroke(c, crease_black, 0.6);
        crease_tick_text(&ticks, i, text);
        crease_canvas_text(c, x + (tick + 2.5) * right, y + gap * down + (down > 0 ? 0 : 2.9),
                           (crease_text_style){.size = 8, .anchor = anchor}, text);
    }
    t[j] = 0.5;
    project(v, t, &x, &y);
    snprintf(text, sizeof text, "x%zu", j);
    crease_canvas_text(c, x + label_gap * right, y + label_gap * down + (down > 0 ? 3 : 2.9),
                       (crease_text_style){.size = 9, .anchor = anchor}, text);
}

static void draw_box(const crease_sheet *sheet, crease_canvas *c, const view *v,
                     const crease_domain *box, const crease_pictured *pictured, size_t network,
                     const crease_result *result)
{
    static const double left[N] = {1, 0, 0}, right[N] = {0, 1, 0};
    const double cosine = sqrt(3) / 2;
    char text[128];
    for (size_t s = 0; s < N; s++)
        draw_section(sheet, c, v, box, network, s);
    add_outline(c, v, 0.5);
    crease_canvas_fill(c, crease_white);
    for (size_t s = N; s < SECTIONS; s++)
        draw_section(sheet, c, v, box, network, s);
    draw_lines(c, v);
    draw_axis(c, v, box, 0, right, 0.5, cosine);
    draw_axis(c, v, box, 1, left, -0.5, cosine);
    draw_axis(c, v, box, 2, left, -1, 0);
    double x = v->x - cosine * v->side, y = v->y - v->side;
    snprintf(text, sizeof text, "%.40s region%s in the box, proved", result->digits,
             strcmp(result->digits, "1") ? "s" : "");
    crease_canvas_text(c, x, y - 22, (crease_text_style){.size = 11, .bold = true},
                       pictured[network].name);
    crease_canvas_text(c, x, y - 10, (crease_text_style){.size = 9}, text);
}

static crease_status draw_all(crease_sheet *sheet, const crease_pictured *pictured, size_t count,
                              const crease_domain *box, const char *path,
                              const crease_result *results, crease_error *error)
{
    static const double sides[] = {175, 130, 100};
    size_t columns = count < 3 ? count : count == 4 ? 2 : 3, rows = (count + columns - 1) / columns;
    view v = {.side = sides[columns - 1]};
    double wide = LEFT + sqrt(3) * v.side + MARGIN;
    double high = CREASE_PANEL_ABOVE + 2 * v.side + BELOW;
    crease_canvas *canvas;
    crease_sheet_explain(sheet);
    double right = MARGIN + (double)columns * wide;
    double tall = CREASE_PANEL_ABOVE + crease_legend_height(&sheet->legend);
    crease_status status =
        crease_canvas_open(path, right + (sheet->legend.count ? CREASE_LEGEND_WIDTH : 0) + MARGIN,
                           MARGIN + fmax((double)rows * high, tall), &canvas, error);
    for (size_t k = 0; k < count && !status; k++) {
        v.x = MARGIN + (double)(k % columns) * wide + LEFT + sqrt(3) / 2 * v.side;
        v.y = MARGIN + (double)(k / columns) * high + CREASE_PANEL_ABOVE + v.side;
        draw_box(sheet, canvas, &v, box, pictured, k, &results[k]);
    }
    if (!status) {
        crease_legend_draw(canvas, &sheet->legend, right, MARGIN + CREASE_PANEL_ABOVE - 9);
        status = crease_canvas_commit(canvas, error);
    }
    crease_canvas_close(canvas);
    return status;
}

/* ---- All ---- */

/* The sections of a network, and the count of all its regions. */
static crease_status open_sections(crease_sheet *sheet, crease_pictured *section,
                                   const crease_network *network, const crease_domain *box,
                                   const crease_options *options, size_t k, crease_result *result,
                                   crease_error *error)
{
    crease_status status = crease_count(network, box, options, result, error);
    for (size_t s = 0; s < SECTIONS && !status && result->complete; s++) {
        crease_result own;
        size_t at = k * SECTIONS + s;
        crease_domain *window = window_of(box, s);
        section[at].network = section_of(network, box, s);
        status = crease_painting_open(&sheet->painting[at], section[at].network, window,
                                      sheet->picture, options, &own, error);
        crease_domain_free(window);
        result->complete = !status && own.complete;
        result->stopped = own.stopped;
    }
    return status;
}

crease_status crease_cutaway_draw(const crease_pictured *pictured, size_t count,
                                  const crease_domain *window, const crease_picture *picture,
                                  const crease_options *options, const char *path,
                                  crease_result *results, crease_error *error)
{
    if (picture->color == CREASE_COLOR_MAP || picture->color == CREASE_COLOR_VOLUME)
        return crease_fail(error, CREASE_INPUT,
                           "color=%s: not in a picture of three inputs, which shows sections; a "
                           "mesh (.ply, .obj) has it",
                           crease_color_by_name(picture->color));
    crease_pictured *section = crease_alloc(count * SECTIONS, sizeof *section);
    crease_sheet sheet = {.picture = picture,
                          .pictured = section,
                          .painting = crease_alloc(count * SECTIONS, sizeof *sheet.painting)};
    crease_status status = CREASE_OK;
    bool complete = true;
    for (size_t k = 0; k < count && !status && complete; k++) {
        status = open_sections(&sheet, section, pictured[k].network, window, options, k,
                               &results[k], error);
        complete = !status && results[k].complete;
        sheet.count += complete ? SECTIONS : 0;
    }
    crease_sheet_set_range(&sheet);
    if (!status && complete && picture->color == CREASE_COLOR_VALUE &&
        !(crease_span_has(sheet.low) && crease_span_has(sheet.high)))
        status = crease_fail(error, CREASE_INPUT, "picture: outputs beyond 1e100 cannot be drawn");
    if (!status && complete)
        status = draw_all(&sheet, pictured, count, window, path, results, error);
    for (size_t i = 0; i < count * SECTIONS; i++) {
        crease_painting_close(&sheet.painting[i]);
        crease_network_free((crease_network *)(size_t)section[i].network);
    }
    free(sheet.painting);
    free(section);
    return status;
}
