#include "draw/shade.h"

#include "draw/palette.h"

#include <math.h>
#include <string.h>

static const char *const color_names[] = {"none", "layer", "active", "class",
                                          "map",  "value", "volume", NULL};

const char *crease_color_by_name(crease_color_by color)
{
    return (unsigned)color < sizeof color_names / sizeof *color_names ? color_names[color] : NULL;
}

bool crease_color_by_find(const char *name, crease_color_by *color)
{
    for (int i = 0; color_names[i]; i++)
        if (!strcmp(name, color_names[i])) {
            *color = (crease_color_by)i;
            return true;
        }
    return false;
}

enum { SHADES = 256 };

bool crease_shades_are_kinds(crease_color_by color)
{
    return color == CREASE_COLOR_LAYER || color == CREASE_COLOR_MAP || color == CREASE_COLOR_CLASS;
}

size_t crease_shade_of(double value, double low, double high)
{
    double share = high > low ? (value - low) / (high - low) : 0.5;
    return (size_t)fmin(fmax(share * SHADES, 0), SHADES - 1);
}

crease_color crease_shade_color(crease_color_by color, size_t shade, double low, double high)
{
    static const crease_color first_layer = {0.85, 0.89, 0.94};
    const size_t kinds = 7; /* pale colours but grey, which is the seventh of eight */
    double share = ((double)shade + 0.5) / SHADES;
    switch (color) {
    case CREASE_COLOR_LAYER: return shade ? first_layer : crease_white;
    case CREASE_COLOR_CLASS: return crease_palette_pale(shade);
    case CREASE_COLOR_MAP: return crease_palette_pale(shade % kinds == 6 ? 7 : shade % kinds);
    default:
        return low == -high && low < 0 ? crease_palette_signed(2 * share - 1)
                                       : crease_palette_scale(share);
    }
}

void crease_shades_span(crease_color_by color, double *low, double *high)
{
    const double decades = 4;
    if (color == CREASE_COLOR_VOLUME)
        *low = fmax(*low, *high - decades);
    if (color == CREASE_COLOR_VALUE && *low < 0 && *high > 0) {
        *high = fmax(*high, -*low);
        *low = -*high;
    }
}
