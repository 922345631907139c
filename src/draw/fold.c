#include "draw/folded.h"
#include "draw/palette.h"
#include "draw/panel.h"
#include "draw/span.h"

#include "base/memory.h"
#include "base/status.h"
#include "domain/domain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SIDE 210.0
#define MARGIN 12.0
#define BETWEEN 14.0

enum { TEXT = 128 };

/* A row of the picture. */
typedef struct {
    size_t layer;
    crease_folded images;
} row;

/* Cells that share their image with others have colours. */
static crease_color color_of(const crease_folded *images, size_t class)
{
    static const crease_color alone = {0.95, 0.95, 0.95};
    return images->size[class] > 1 ? crease_palette_class(class) : alone;
}

static void draw_cell(crease_canvas *c, const crease_panel *panel, size_t corners,
                      const double *place, crease_color color)
{
    const double width = 0.5;
    for (size_t k = 0; k < corners; k++)
        (k ? crease_canvas_line : crease_canvas_move)(c, crease_panel_x(panel, place[2 * k]),
                                                      crease_panel_y(panel, place[2 * k + 1]));
    crease_canvas_end(c);
    crease_canvas_mark(c, color, crease_black, width);
}

static void draw_cells(crease_canvas *c, crease_panel *panel, const row *own, const char *title)
{
    static const char *const label[] = {"x0", "x1"};
    const crease_folded *images = &own->images;
    char text[TEXT];
    crease_canvas_enter(c, panel->x, panel->y, panel->width, panel->height, false);
    for (size_t i = 0; i < images->count; i++) {
        const crease_folded_cell *cell = &images->cell[i];
        draw_cell(c, panel, cell->corners, cell->corner, color_of(images, cell->class));
    }
    crease_canvas_leave(c);
    snprintf(text, TEXT, "%zu cells behind layer %zu, proved", images->count, own->layer);
    crease_panel_draw_frame(c, panel, label, title, text);
}

/* The window of all images, with a margin. */
static crease_status set_window(crease_panel *panel, const row *own, crease_error *error)
{
    const double margin = 0.06, of_values = 1e-3;
    const crease_folded *images = &own->images;
    bool good = true;
    for (size_t i = 0; i < images->count; i++)
        for (size_t k = 0; k < images->cell[i].corners * images->width; k++)
            good = good && crease_span_has(images->cell[i].image[k]);
    for (size_t j = 0; j < 2; j++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < images->count; i++)
            for (size_t k = 0; k < images->cell[i].flat_corners; k++) {
                low = fmin(low, images->cell[i].flat[2 * k + j]);
                high = fmax(high, images->cell[i].flat[2 * k + j]);
            }
        double edge = high > low ? margin * (high - low) : fmax(1, of_values * fabs(high));
        panel->low[j] = low - edge;
        panel->high[j] = high + edge;
        good = good && crease_span_fits(panel->low[j], panel->high[j]);
    }
    if (!good)
        return crease_fail(error, CREASE_INPUT,
                           "fold: what layer %zu receives is beyond 1e100, or too narrow for its "
                           "place, and cannot be drawn",
                           own->layer + 1);
    return CREASE_OK;
}

static void draw_images(crease_canvas *c, crease_panel *panel, const row *own)
{
    static const char *const two[] = {"unit 0", "unit 1"};
    static const char *const more[] = {"first principal direction", "second"};
    static const char *const one[] = {"unit 0", "images, one a line"};
    const crease_folded *images = &own->images;
    char title[TEXT], text[TEXT];
    crease_canvas_enter(c, panel->x, panel->y, panel->width, panel->height, false);
    /* Those without a colour first: they do not hide the others. */
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < images->count; i++) {
            const crease_folded_cell *cell = &images->cell[i];
            if ((images->size[cell->class] > 1) == (pass == 1))
                draw_cell(c, panel, cell->flat_corners, cell->flat, color_of(images, cell->class));
        }
    crease_canvas_leave(c);
    snprintf(title, TEXT, "what layer %zu receives", own->layer + 1);
    if (images->size[0] == 1)
        snprintf(text, TEXT, "%zu images, all different", images->classes);
    else
        snprintf(text, TEXT, "%zu image%s, of up to %zu cells", images->classes,
                 images->classes == 1 ? "" : "s", images->size[0]);
    crease_panel_draw_frame(c, panel,
                            images->width > 2   ? more
                            : images->width < 2 ? one
                                                : two,
                            title, text);
}

static crease_status draw_rows(const row *list, size_t rows, const char *name,
                               const crease_domain *window, const char *path, crease_error *error)
{
    const double step = SIDE + CREASE_PANEL_ABOVE + CREASE_PANEL_BELOW + BETWEEN / 2;
    crease_canvas *canvas;
    crease_panel left;
    for (size_t j = 0; j < 2; j++) {
        left.low[j] = mpq_get_d(window->lo[j]);
        left.high[j] = mpq_get_d(window->hi[j]);
    }
    crease_panel_fit(&left, SIDE);
    crease_status status =
        crease_canvas_open(path, 2 * (MARGIN + CREASE_PANEL_LEFT + SIDE) + BETWEEN,
                           MARGIN + (double)rows * step, &canvas, error);
    for (size_t i = 0; i < rows && !status; i++) {
        crease_panel right;
        status = set_window(&right, &list[i], error);
        if (status)
            break;
        left.x = MARGIN + CREASE_PANEL_LEFT;
        left.y = MARGIN + CREASE_PANEL_ABOVE + (double)i * step;
        crease_panel_fit(&right, SIDE);
        right.x = left.x + SIDE + BETWEEN + CREASE_PANEL_LEFT;
        right.y = left.y;
        draw_cells(canvas, &left, &list[i], name);
        draw_images(canvas, &right, &list[i]);
    }
    if (!status)
        status = crease_canvas_commit(canvas, error);
    crease_canvas_close(canvas);
    return status;
}

crease_status crease_picture_fold(const crease_pictured *pictured, const crease_domain *window,
                                  const crease_options *options, const char *path,
                                  crease_result *result, crease_error *error)
{
    const crease_network *network = pictured->network;
    size_t rows = 0;
    bool complete = true;
    if (network->inputs != 2)
        return crease_fail(error, CREASE_INPUT, "fold: %s has %zu inputs, and not two",
                           pictured->name, network->inputs);
    crease_status status = crease_span_check(window, error);
    if (!status)
        status = crease_canvas_check(path, error);
    row *list = crease_alloc(network->layers, sizeof *list);
    for (size_t l = 0; l + 1 < network->layers && !status && complete; l++) {
        if (network->layer[l].activation == CREASE_LINEAR)
            continue;
        list[rows].layer = l;
        status = crease_folded_find(network, l, window, options, &list[rows].images, result, error);
        complete = !status && result->complete;
        rows++;
    }
    if (!status && !rows)
        status =
            crease_fail(error, CREASE_INPUT, "fold: %s has no layer that switches", pictured->name);
    if (!status && complete)
        status = draw_rows(list, rows, pictured->name, window, path, error);
    for (size_t i = 0; i < rows; i++)
        crease_folded_clear(&list[i].images);
    free(list);
    return status;
}
