#include "draw/script.h"

#include <math.h>
#include <string.h>

enum { MOST_TICS = 12, KEY_COLUMN = 36 };

/* Okabe and Ito 2008: told apart by all kinds of colour vision. */
static const char *const bright[] = {"#0072B2", "#D55E00", "#009E73",
                                     "#CC79A7", "#E69F00", "#56B4E9"};
static const int shapes[] = {7, 5, 13, 11}; /* circle, square, diamond, triangle */
static const char *const dark[] = {"#000000", "#7a4900", "#5f5f5f", "#a0a0a0"};
static const char *const dashes[] = {"'-'", "'-.'", "'.'", "'_'"};

/* The length of the UTF-8 character at text, 0 if there is none. */
static size_t character(const char *text)
{
    unsigned char first = (unsigned char)*text;
    size_t length = first < 0x80                    ? 1
                    : first >= 0xc2 && first < 0xe0 ? 2
                    : first >= 0xe0 && first < 0xf0 ? 3
                    : first >= 0xf0 && first < 0xf5 ? 4
                                                    : 0;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    unsigned char second = (unsigned char)text[length > 1];
    bool odd = (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
               (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90);
    return odd ? 0 : length;
}

/* In single quotes gnuplot gives no character but these a meaning. */
static void quote(FILE *file, const char *text)
{
    putc('\'', file);
    while (*text) {
        size_t length = character(text);
        if (!length || (unsigned char)*text < 32 || *text == 127) {
            putc('?', file);
            text += length ? length : 1;
            continue;
        }
        if (*text == '\'')
            putc('\'', file);
        fwrite(text, 1, length, file);
        text += length;
    }
    putc('\'', file);
}

typedef struct {
    double low, high;
} range;

static range range_of(const crease_plot *plot, bool vertical)
{
    range r = {INFINITY, -INFINITY};
    for (size_t s = 0; s < plot->count; s++)
        for (size_t i = 0; i < plot->series[s].count; i++) {
            double v = vertical ? plot->series[s].log10[i] : plot->series[s].x[i];
            r.low = fmin(r.low, v);
            r.high = fmax(r.high, v);
        }
    return r;
}

/* "1000", or "10^{4}" for gnuplot's enhanced text. */
static void label(FILE *file, double whole, int digit)
{
    if (digit == 1 && whole > 3)
        fprintf(file, "'10^{%.0f}'", whole);
    else if (whole > 3)
        fprintf(file, "'%d·10^{%.0f}'", digit, whole);
    else
        fprintf(file, "'%.0f'", digit * pow(10, whole));
}

/* The next 1, 2 or 5 times a power of ten, up or down. */
static double round_value(double v, bool up)
{
    double e = floor(v), two = e + log10(2), five = e + log10(5);
    if (v == e)
        return e;
    if (up)
        return v <= two ? two : v <= five ? five : e + 1;
    return v >= five ? five : v >= two ? two : e;
}

/* Tics at powers of ten, or at 1, 2 and 5 times those if there would not be three of them. */
static void vertical_axis(FILE *file, range r)
{
    static const int digits[] = {1, 2, 5};
    bool fine = floor(r.high) - ceil(r.low) < 2;
    double low = fine ? round_value(r.low, false) : floor(r.low);
    double high = fine ? round_value(r.high, true) : ceil(r.high);
    double step = fmax(1, ceil((high - low) / MOST_TICS));
    if (high <= low)
        high = low + 1;
    fprintf(file, "set ytics (");
    for (double e = floor(low); e <= high; e += fine ? 1 : step)
        for (int d = 0; d < (fine ? 3 : 1); d++) {
            fputs(e > floor(low) || d ? ", " : "", file);
            label(file, e, digits[d]);
            fprintf(file, " %.17g", e + log10(digits[d]));
        }
    fprintf(file, ")\n");
    double margin = 0.04 * (high - low);
    fprintf(file, "set yrange [%.17g:%.17g]\n", low - margin, high + margin);
}

/* Tics where the points are, if there is room for their labels. */
static void horizontal_axis(FILE *file, const crease_plot *plot, range r)
{
    double x[MOST_TICS], least = INFINITY, span = r.high > r.low ? r.high - r.low : 1;
    size_t count = 0;
    for (size_t s = 0; s < plot->count && count <= MOST_TICS; s++)
        for (size_t i = 0; i < plot->series[s].count; i++) {
            double v = plot->series[s].x[i];
            bool seen = plot->x_whole && v != floor(v);
            for (size_t k = 0; k < count && k < MOST_TICS && !seen; k++) {
                least = x[k] != v ? fmin(least, fabs(x[k] - v)) : least;
                seen = x[k] == v;
            }
            if (!seen && count < MOST_TICS)
                x[count] = v;
            count += !seen;
        }
    if (count <= MOST_TICS && least >= 0.07 * span) {
        fprintf(file, "set xtics (");
        for (size_t k = 0; k < count; k++)
            fprintf(file, "%s'%.10g' %.17g", k ? ", " : "", x[k], x[k]);
        fprintf(file, ")\n");
    }
    fprintf(file, "set xrange [%.17g:%.17g]\n", r.low - 0.06 * span, r.high + 0.06 * span);
}

static void style(FILE *file, const crease_plot_series *s)
{
    const char *color = bright[s->color % (sizeof bright / sizeof *bright)];
    unsigned line = s->color % (sizeof dark / sizeof *dark);
    int shape = shapes[s->color % (sizeof shapes / sizeof *shapes)];
    switch (s->style) {
    case CREASE_PLOT_POINTS: fprintf(file, "points pt %d ps 0.8 lc rgb '%s'", shape, color); break;
    case CREASE_PLOT_JOINED:
        fprintf(file, "linespoints pt %d ps 0.8 lw 2.5 lc rgb '%s'", shape, color);
        break;
    case CREASE_PLOT_AT_LEAST: fprintf(file, "points pt 8 ps 1.4 lw 2 lc rgb '%s'", color); break;
    case CREASE_PLOT_LINE:
        fprintf(file, "lines lw 2 dt %s lc rgb '%s'", dashes[line], dark[line]);
        break;
    case CREASE_PLOT_MARKS: fprintf(file, "points pt 1 ps 1.2 lw 2 lc rgb '%s'", dark[line]); break;
    }
}

static void setting(FILE *file, const char *what, const char *text)
{
    fprintf(file, "set %s ", what);
    quote(file, text);
    fprintf(file, " noenhanced\n");
}

/* Two columns, if the names are short. */
static size_t key_rows(const crease_plot *plot)
{
    size_t longest = 0;
    for (size_t s = 0; s < plot->count; s++) {
        size_t length = strlen(plot->series[s].name);
        longest = length > longest ? length : longest;
    }
    return longest <= KEY_COLUMN ? (plot->count + 1) / 2 : plot->count;
}

void crease_plot_script(const crease_plot *plot, bool svg, FILE *file)
{
    size_t rows = key_rows(plot);
    int height = 460 + 24 * (int)rows;
    fprintf(file, "set encoding utf8\n");
    if (svg)
        fprintf(file,
                "set terminal svg size 860,%d enhanced font 'sans-serif,15' "
                "background '#ffffff'\n",
                height);
    else
        fprintf(file,
                "set terminal pngcairo size 1720,%d enhanced font 'sans,15' fontscale 1.5 "
                "linewidth 2 pointscale 2 background '#ffffff'\n",
                2 * height);
    setting(file, "title", plot->title);
    setting(file, "xlabel", plot->x_label);
    setting(file, "ylabel", plot->y_label);
    fprintf(file,
            "set border 3 lc rgb '#404040'\nset tics nomirror out\n"
            "set grid ytics lc rgb '#e0e0e0' lt 1\n"
            "set key below vertical maxrows %zu left Left reverse noenhanced samplen 3 height 1\n",
            rows);
    horizontal_axis(file, plot, range_of(plot, false));
    vertical_axis(file, range_of(plot, true));
    for (size_t s = 0; s < plot->count; s++) {
        fprintf(file, "$series%zu << END\n", s);
        for (size_t i = 0; i < plot->series[s].count; i++)
            fprintf(file, "%.17g %.17g\n", plot->series[s].x[i], plot->series[s].log10[i]);
        fprintf(file, "END\n");
    }
    for (size_t s = 0; s < plot->count; s++) {
        fprintf(file, "%s$series%zu using 1:2 with ", s ? ", " : "plot ", s);
        style(file, &plot->series[s]);
        fprintf(file, " title ");
        quote(file, plot->series[s].name);
    }
    fprintf(file, "\n");
}
