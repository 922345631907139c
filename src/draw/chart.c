#include "draw/chart.h"

#include "draw/axis.h"
#include "draw/palette.h"

#include <math.h>
#include <stdio.h>

#define SMALL 8.0
#define NORMAL 9.0
#define LARGE 11.0

enum { MOST_TICKS = 12 };

static const crease_color grid = {0.88, 0.88, 0.88};

/* ---- Axes of logarithms ---- */

/* The next 1, 2 or 5 times a power of ten, up or down, as a logarithm. */
static double round_value(double v, bool up)
{
    double e = floor(v), two = e + log10(2), five = e + log10(5);
    if (v == e)
        return e;
    if (up)
        return v <= two ? two : v <= five ? five : e + 1;
    return v >= five ? five : v >= two ? two : e;
}

/* Would there not be three powers of ten?  Then 2 and 5 times these have ticks, too. */
static bool is_fine(double low, double high)
{
    return floor(high) - ceil(low) < 2;
}

void crease_chart_widen(double *low, double *high)
{
    const double share = 0.04;
    bool fine = is_fine(*low, *high);
    *low = fine ? round_value(*low, false) : floor(*low);
    *high = fine ? round_value(*high, true) : ceil(*high);
    if (*high <= *low)
        *high = *low + 1;
    double margin = share * (*high - *low);
    *low -= margin;
    *high += margin;
}

/* ---- Ticks ---- */

/* A number, or digit times 10 to the power of whole. */
typedef struct {
    double at;
    char text[CREASE_TICK_TEXT], power[CREASE_TICK_TEXT];
} mark;

static void set_power(mark *m, double whole, int digit)
{
    const int written_out = 3;
    m->at = whole + log10(digit);
    *m->power = '\0';
    if (fabs(whole) <= written_out) {
        snprintf(m->text, sizeof m->text, "%g", digit * pow(10, whole));
        return;
    }
    snprintf(m->text, sizeof m->text, digit == 1 ? "10" : "%d\u00b710", digit);
    snprintf(m->power, sizeof m->power, "%s%.0f", whole < 0 ? "\u2212" : "", fabs(whole));
}

static size_t choose_powers(double low, double high, size_t most, mark *list)
{
    static const int digits[] = {1, 2, 5};
    bool fine = is_fine(low, high);
    double step = fmax(1, ceil((high - low) / (double)most));
    size_t count = 0;
    for (double e = floor(low); e <= high; e += fine ? 1 : step)
        for (int d = 0; d < (fine ? 3 : 1) && count < MOST_TICKS; d++) {
            double at = e + log10(digits[d]);
            if (at >= low && at <= high)
                set_power(&list[count++], e, digits[d]);
        }
    return count;
}

static size_t choose(crease_axis_kind kind, double low, double high, size_t most, mark *list)
{
    size_t count = 0;
    most = most < MOST_TICKS ? most : MOST_TICKS;
    if (kind == CREASE_AXIS_LOG10)
        return choose_powers(low, high, most, list);
    crease_ticks ticks = crease_ticks_choose(low, high, most);
    for (size_t i = 0; i < ticks.count && count < MOST_TICKS; i++) {
        mark *m = &list[count];
        m->at = crease_tick_at(&ticks, i);
        *m->power = '\0';
        crease_tick_text(&ticks, i, m->text);
        if (kind == CREASE_AXIS_WHOLE && m->at != floor(m->at))
            continue;
        if (kind == CREASE_AXIS_WHOLE)
            snprintf(m->text, sizeof m->text, "%s%.0f", m->at < 0 ? "\u2212" : "", fabs(m->at));
        count++;
    }
    return count;
}

static const crease_text_style small = {.size = SMALL}, raised = {.size = 0.75 * SMALL};

static double width_of(crease_canvas *c, const mark *m)
{
    return crease_canvas_text_width(c, small, m->text) +
           (*m->power ? crease_canvas_text_width(c, raised, m->power) : 0);
}

/* Begins at x. */
static void write(crease_canvas *c, double x, double y, const mark *m)
{
    crease_canvas_text(c, x, y, small, m->text);
    if (*m->power)
        crease_canvas_text(c, x + crease_canvas_text_width(c, small, m->text), y - 3, raised,
                           m->power);
}

/* ---- Axes ---- */

static void draw_horizontal(crease_canvas *c, const crease_panel *p, crease_axis_kind kind,
                            const char *label)
{
    const double tick = 3, gap = 11, apart = 40;
    double bottom = p->y + p->height;
    mark list[MOST_TICKS];
    size_t count = choose(kind, p->low[0], p->high[0], (size_t)fmax(2, p->width / apart), list);
    for (size_t i = 0; i < count; i++) {
        double x = crease_panel_x(p, list[i].at);
        crease_canvas_move(c, x, bottom);
        crease_canvas_line(c, x, bottom + tick);
        crease_canvas_stroke(c, crease_black, 0.6);
        write(c, x - width_of(c, &list[i]) / 2, bottom + gap, &list[i]);
    }
    crease_canvas_text(c, p->x + p->width / 2, bottom + 25,
                       (crease_text_style){.size = NORMAL, .anchor = CREASE_TEXT_MIDDLE}, label);
}

static void draw_vertical(crease_canvas *c, const crease_panel *p, crease_axis_kind kind,
                          const char *label)
{
    const double tick = 3, apart = 30;
    double widest = 0;
    mark list[MOST_TICKS];
    size_t count = choose(kind, p->low[1], p->high[1], (size_t)fmax(2, p->height / apart), list);
    for (size_t i = 0; i < count; i++) {
        double y = crease_panel_y(p, list[i].at), width = width_of(c, &list[i]);
        crease_canvas_move(c, p->x, y);
        crease_canvas_line(c, p->x + p->width, y);
        crease_canvas_stroke(c, grid, 0.5);
        crease_canvas_move(c, p->x - tick, y);
        crease_canvas_line(c, p->x, y);
        crease_canvas_stroke(c, crease_black, 0.6);
        write(c, p->x - 5 - width, y + 2.9, &list[i]);
        widest = fmax(widest, width);
    }
    crease_canvas_text(
        c, p->x - fmin(widest + 11, CREASE_PANEL_LEFT - 10), p->y + p->height / 2,
        (crease_text_style){.size = NORMAL, .upwards = true, .anchor = CREASE_TEXT_MIDDLE}, label);
}

void crease_chart_draw_axes(crease_canvas *c, const crease_panel *p, const crease_axis_kind kind[2],
                            const char *const label[2], const char *title)
{
    draw_vertical(c, p, kind[1], label[1]);
    draw_horizontal(c, p, kind[0], label[0]);
    crease_canvas_move(c, p->x, p->y);
    crease_canvas_line(c, p->x, p->y + p->height);
    crease_canvas_line(c, p->x + p->width, p->y + p->height);
    crease_canvas_stroke(c, crease_black, 0.8);
    crease_text_style style = {.size = LARGE, .bold = true};
    double width = crease_canvas_text_width(c, style, title);
    if (width > p->width)
        style.size *= p->width / width;
    crease_canvas_text(c, p->x, p->y - 8, style, title);
}

void crease_chart_enter(crease_canvas *c, const crease_panel *p)
{
    const double room = 4; /* for marks on the border */
    crease_canvas_enter(c, p->x - room, p->y - room, p->width + 2 * room, p->height + 2 * room,
                        false);
}
