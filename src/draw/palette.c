#include "draw/palette.h"

#include <math.h>

const crease_color crease_black = {0, 0, 0}, crease_white = {1, 1, 1},
                   crease_grey = {0.4, 0.4, 0.4};

static const crease_color strong[] = {
    {0, 0.447, 0.698},     /* blue */
    {0.835, 0.369, 0},     /* vermilion */
    {0, 0.62, 0.451},      /* bluish green */
    {0.8, 0.475, 0.655},   /* reddish purple */
    {0.902, 0.624, 0},     /* orange */
    {0.337, 0.706, 0.914}, /* sky blue */
    {0, 0, 0},
    {0.941, 0.894, 0.259}, /* yellow */
};
enum { STRONG = sizeof strong / sizeof *strong, BLACK = 6 };

/* YlGnBu of C. Brewer (colorbrewer2.org), without its darkest colours. */
static const crease_color scale[] = {
    {1, 1, 0.851},         {0.929, 0.973, 0.694}, {0.78, 0.914, 0.706},  {0.498, 0.804, 0.733},
    {0.255, 0.714, 0.769}, {0.114, 0.569, 0.753}, {0.133, 0.369, 0.659},
};
enum { SCALE = sizeof scale / sizeof *scale };

static double mix(double a, double b, double share)
{
    return a + (b - a) * share;
}

static crease_color blend(crease_color a, crease_color b, double share)
{
    return (crease_color){mix(a.red, b.red, share), mix(a.green, b.green, share),
                          mix(a.blue, b.blue, share)};
}

crease_color crease_palette_strong(size_t i)
{
    return strong[i % STRONG];
}

crease_color crease_palette_pale(size_t i)
{
    const double white = 0.68;
    return blend(strong[i % STRONG], crease_white, white);
}

crease_color crease_palette_class(size_t i)
{
    static const double white[] = {0.62, 0.3, 0.8};
    const size_t tones = sizeof white / sizeof *white, colors = STRONG - 1, k = i % colors;
    return blend(strong[k + (k >= BLACK)], crease_white, white[i / colors % tones]);
}

crease_color crease_palette_scale(double share)
{
    double at = fmin(fmax(share, 0), 1) * (SCALE - 1);
    size_t below = (size_t)fmin(floor(at), SCALE - 2);
    return blend(scale[below], scale[below + 1], at - (double)below);
}

crease_color crease_palette_signed(double share)
{
    static const crease_color low = {0.902, 0.48, 0.13}, high = {0.13, 0.4, 0.67};
    return blend(crease_white, share < 0 ? low : high, fmin(fabs(share), 1) * 0.85);
}
