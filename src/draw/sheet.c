#include "draw/sheet.h"

#include "base/memory.h"
#include "draw/palette.h"
#include "draw/shade.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void explain_creases(crease_sheet *own)
{
    size_t layers = 0, shown = 0;
    const size_t most = 10;
    bool coloured = crease_creases_coloured(own->picture);
    for (size_t k = 0; k < own->count; k++)
        layers =
            own->pictured[k].network->layers > layers ? own->pictured[k].network->layers : layers;
    bool *seen = crease_alloc(layers, sizeof *seen);
    for (size_t k = 0; k < own->count; k++)
        if (own->graphs)
            crease_graph_layers(&own->graph[k], seen);
        else
            crease_painting_layers(&own->painting[k], seen);
    for (size_t l = 0; l < layers; l++) {
        if (!seen[l] || ++shown > most)
            continue;
        if (shown == 1)
            crease_legend_add(&own->legend, CREASE_LEGEND_HEADING, crease_black, "%s",
                              own->graphs ? "Breakpoints of" : "Creases of");
        crease_legend_add(&own->legend, CREASE_LEGEND_LINE, crease_crease_color(coloured, l),
                          "layer %zu", l)
            ->width = crease_crease_width(1, l);
    }
    if (own->picture->boundary)
        crease_legend_add(&own->legend, CREASE_LEGEND_LINE, crease_black, "decision boundary")
            ->width = 2.2;
    free(seen);
}

static void explain_colors(crease_sheet *own)
{
    static const char *const heading[] = {[CREASE_COLOR_ACTIVE] = "Active units",
                                          [CREASE_COLOR_CLASS] = "Class",
                                          [CREASE_COLOR_VALUE] = "Output 0",
                                          [CREASE_COLOR_VOLUME] = "Area"};
    crease_color_by color = own->picture->color;
    const size_t most = 12;
    size_t outputs = 1;
    for (size_t k = 0; k < own->count; k++)
        outputs = own->painting[k].polygons->outputs > outputs ? own->painting[k].polygons->outputs
                                                               : outputs;
    if (color < CREASE_COLOR_ACTIVE || color == CREASE_COLOR_MAP)
        return;
    crease_legend_add(&own->legend, CREASE_LEGEND_HEADING, crease_black, "%s", heading[color]);
    if (color != CREASE_COLOR_CLASS) {
        crease_legend_entry *scale =
            crease_legend_add(&own->legend, CREASE_LEGEND_SCALE, crease_black, " ");
        scale->low = own->low;
        scale->high = own->high;
        scale->powers = color == CREASE_COLOR_VOLUME;
        return;
    }
    bool *seen = crease_alloc(outputs + 1, sizeof *seen);
    for (size_t k = 0; k < own->count; k++)
        crease_painting_classes(&own->painting[k], seen);
    for (size_t k = 0, shown = 0; k <= outputs && shown < most; k++) {
        if (!seen[k])
            continue;
        crease_legend_entry *entry =
            crease_legend_add(&own->legend, CREASE_LEGEND_BOX, crease_palette_pale(k), "%zu", k);
        if (outputs == 1)
            snprintf(entry->text, sizeof entry->text, k ? "output > 0" : "output \u2264 0");
        shown++;
    }
    free(seen);
}

static void explain_outputs(crease_sheet *own)
{
    const size_t most = 10;
    size_t outputs = 1;
    for (size_t k = 0; k < own->count; k++)
        outputs = own->graph[k].outputs > outputs ? own->graph[k].outputs : outputs;
    crease_legend_add(&own->legend, CREASE_LEGEND_HEADING, crease_black, "Graph of");
    for (size_t k = 0; k < outputs && k < most; k++)
        crease_legend_add(&own->legend, CREASE_LEGEND_LINE, crease_graph_color(k, outputs),
                          "output %zu", k)
            ->width = 1.2;
}

crease_color crease_sheet_data_color(const crease_picture *picture, size_t i)
{
    return picture->group ? crease_palette_strong((size_t)picture->group[i]) : crease_black;
}

static void explain_data(crease_sheet *own)
{
    const crease_picture *p = own->picture;
    int64_t largest = -1;
    if (!p->points)
        return;
    crease_legend_add(&own->legend, CREASE_LEGEND_HEADING, crease_black, "Data");
    for (size_t i = 0; p->group && i < p->points; i++)
        largest = p->group[i] > largest ? p->group[i] : largest;
    if (!p->group)
        crease_legend_add(&own->legend, CREASE_LEGEND_MARK, crease_black, "%zu points", p->points);
    for (int64_t k = 0; k <= largest && k < 12; k++)
        crease_legend_add(&own->legend, CREASE_LEGEND_MARK, crease_palette_strong((size_t)k),
                          "class %d", (int)k)
            ->shape = (size_t)k;
}

void crease_sheet_explain(crease_sheet *own)
{
    explain_creases(own);
    if (own->graphs) {
        explain_outputs(own);
        return;
    }
    explain_colors(own);
    explain_data(own);
}

void crease_sheet_set_range(crease_sheet *own)
{
    own->low = INFINITY;
    own->high = -INFINITY;
    for (size_t k = 0; k < own->count; k++)
        if (own->graphs)
            crease_graph_range(&own->graph[k], &own->low, &own->high);
        else
            crease_painting_range(&own->painting[k], &own->low, &own->high);
    crease_shades_span(own->picture->color, &own->low, &own->high);
}
