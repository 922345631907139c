#include "cells/lp_cell.h"

#include "exact/filter.h"

#include <math.h>

enum { RAYS_IN_BOX = 7, MANY_RAYS_IN_BOX = 12 };
/* Measured with RAYS_IN_BOX + 1 inputs. */
enum { WIDE_LAYER = 12, FEW_LAYERS = 2 };

/* The rays of a box are its corners. */
bool crease_cell_root_has_rays(const crease_model *model, crease_cell_kind kind, bool wide)
{
    size_t n = model->inputs;
    bool asked = kind == CREASE_CELL_RAYS;
    crease_root root;
    if (kind == CREASE_CELL_LP)
        return false;
    if (model->boxed)
        return n <= (asked || wide ? MANY_RAYS_IN_BOX : RAYS_IN_BOX);
    if (n > CREASE_LAYERS_RAYS || !crease_layers_find_root(model, &root))
        return false;
    /* Half-spaces that bound a cone with vertices are treated as a box is. */
    return asked || root.faces < n || n <= RAYS_IN_BOX;
}

bool crease_cell_root_orthants(const crease_model *model, crease_cell_kind kind)
{
    crease_root root;
    if (model->boxed || kind == CREASE_CELL_LP)
        return false;
    if (model->inputs <= CREASE_LAYERS_RAYS)
        return crease_cell_root_has_rays(model, kind, false);
    return crease_layers_find_root(model, &root) && root.faces < model->inputs;
}

bool crease_cell_root_pays(const crease_model *model)
{
    bool pays = model->boxed && model->inputs == RAYS_IN_BOX + 1 && model->layers <= FEW_LAYERS;
    for (size_t l = 0; l < model->layers && pays; l++)
        pays = model->layer[l].decisions >= WIDE_LAYER;
    return pays;
}

/* The middle of the box, or the origin, if it is proved to lie in the domain. */
static void add_middle(crease_cells *cells, crease_cell *cell)
{
    const crease_model *model = cells->model;
    size_t n = model->inputs;
    double *v = crease_arena_take(cells->arena, (n + 1) * sizeof *v), top = 0;
    for (size_t j = 0; j < n; j++) {
        const double *lo = model->face_value + (model->boxed ? 2 * j * (n + 1) : 0),
                     *hi = lo + n + 1;
        v[j] = model->boxed ? -0.5 * (lo[n] / lo[j] + hi[n] / hi[j]) : 0;
        top = fmax(top, fabs(v[j]));
    }
    v[n] = 1;
    if (cell->boxed) {
        crease_lp_cell_add_boxed_point(cells, cell, v);
        return;
    }
    top = fmax(top, 1);
    for (size_t j = 0; j <= n; j++)
        v[j] /= top;
    double one = crease_filter_one_norm(v, n + 1);
    bool inside = true;
    for (size_t f = 0; f < model->faces; f++) {
        double value = 0;
        for (size_t j = 0; j <= n; j++)
            value += model->face_value[f * (n + 1) + j] * v[j];
        inside = inside && value > crease_filter_bound(n + 1, 1, model->face_error[f], one);
    }
    if (inside)
        crease_lp_cell_add_point(cells, cell, v);
}

/* The domain, and if signs are given, where the units of the root have them. */
static crease_cell lp_cell(crease_cells *cells, crease_map *map, const int *sign)
{
    const crease_model *model = cells->model;
    const crease_root *root = crease_layers_root(cells->layers);
    size_t n = model->inputs;
    const crease_rays *chart = crease_layers_begin(cells->layers, map);
    bool boxed = cells->boxed != NULL;
    crease_cell cell = crease_lp_cell_new(cells, chart, model->faces + n + 1, boxed);
    /* v_d > 0 comes first. */
    cell.row[cell.rows++] = (crease_row){NULL, model->faces, 1};
    for (size_t f = boxed ? 2 * n : 0; f < model->faces; f++) {
        const crease_row row = {NULL, f, 1};
        if (!boxed)
            cell.row[cell.rows++] = row;
        else
            crease_lp_cell_add_boxed_row(cells, &cell, &row);
    }
    for (size_t k = root->faces; sign && k < n; k++)
        cell.row[cell.rows++] = (crease_row){map, root->row[k], sign[k]};
    if (!sign)
        add_middle(cells, &cell);
    return cell;
}

crease_cell crease_cell_domain(crease_cells *cells, crease_map *map)
{
    return lp_cell(cells, map, NULL);
}

crease_cell crease_cell_root(crease_cells *cells, crease_map *map, const int *sign)
{
    crease_layers *layers = cells->layers;
    if (sign && cells->model->inputs > CREASE_LAYERS_RAYS)
        return lp_cell(cells, map, sign);
    const crease_rays *chart = crease_layers_begin(layers, map);
    crease_cell cell = {.chart = chart,
                        .carries_rays = true,
                        .rays = sign ? crease_layers_orthant(layers, chart, sign)
                                     : crease_layers_box(layers, chart)};
    size_t most =
        crease_cells_may_be_wide(cells) ? CREASE_LIMIT_WIDE : crease_cells_most_rays(cells, chart);
    return crease_layers_narrow(layers, chart, &cell.rays, most) ? cell : lp_cell(cells, map, sign);
}
