#include "cli/plot_compare.h"

#include "base/memory.h"
#include "base/status.h"
#include "draw/plot.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 256, BOUNDS = 4 };

typedef struct {
    double x, y;
} point;

typedef struct {
    const cli_comparison *comparison;
    double *x; /* of each network */
    crease_plot plot;
    crease_plot_series *series;
    double **points;    /* x, then y of each series */
    char (*name)[TEXT]; /* of each series */
} picture;

/* ---- The axis ---- */

/* The last number in the name of the file, -1 if there is none. */
static double last_number(const char *path)
{
    const char *name = strrchr(path, '/'), *end;
    name = name ? name + 1 : path;
    for (end = name + strlen(name); end > name && !isdigit((unsigned char)end[-1]); end--)
        ;
    const char *start = end;
    while (start > name && isdigit((unsigned char)start[-1]))
        start--;
    return end == name || end - start > 15 ? -1 : strtod(start, NULL);
}

/* Do the numbers in the names increase? */
static bool numbered(const cli_comparison *c)
{
    bool rise = c->counted > 1;
    for (size_t i = 0; i < c->counted && rise; i++) {
        double number = last_number(c->entry[i].file);
        rise = number >= 0 && (!i || number > last_number(c->entry[i - 1].file));
    }
    return rise;
}

static double place(const cli_comparison *c, size_t i, cli_axis axis, bool by_name)
{
    const crease_bounds *bounds = c->entry[i].bounds;
    size_t layers = crease_bounds_layers(bounds), widest = 0, units = 0;
    for (size_t l = 0; l < layers; l++) {
        size_t width = crease_bounds_width(bounds, l);
        units += width;
        widest = width > widest ? width : widest;
    }
    switch (axis) {
    case CLI_X_DEPTH: return (double)layers;
    case CLI_X_WIDTH: return (double)widest;
    case CLI_X_UNITS: return (double)units;
    default: return by_name ? last_number(c->entry[i].file) : (double)i + 1;
    }
}

static bool varies(const cli_comparison *c, cli_axis axis)
{
    for (size_t i = 1; i < c->counted; i++)
        if (place(c, i, axis, false) != place(c, 0, axis, false))
            return true;
    return false;
}

static void choose_axis(picture *p, cli_axis axis)
{
    static const char *const labels[] = {"", "hidden layers", "units in the widest hidden layer",
                                         "hidden units", ""};
    const cli_comparison *c = p->comparison;
    if (axis == CLI_X_AUTO)
        for (axis = CLI_X_DEPTH; axis < CLI_X_STEP && !varies(c, axis); axis++)
            ;
    bool by_name = axis == CLI_X_STEP && numbered(c);
    for (size_t i = 0; i < c->counted; i++)
        p->x[i] = place(c, i, axis, by_name);
    p->plot.x_label = axis != CLI_X_STEP ? labels[axis]
                      : by_name          ? "step (number in the name of the file)"
                                         : "network, in the order given";
}

/* ---- Series ---- */

static int by_place(const void *a, const void *b)
{
    const point *p = a, *q = b;
    int order = (p->x > q->x) - (p->x < q->x);
    return order ? order : (p->y > q->y) - (p->y < q->y);
}

/* Sorts the points, and leaves out repeated ones if they are those of a bound.  True if no two are
 * above each other. */
static bool sort_points(point *list, size_t *count, bool unique)
{
    size_t kept = 0;
    bool single = true;
    qsort(list, *count, sizeof *list, by_place);
    for (size_t i = 0; i < *count; i++) {
        if (unique && kept && list[kept - 1].x == list[i].x && list[kept - 1].y == list[i].y)
            continue;
        single = single && (!kept || list[kept - 1].x != list[i].x);
        list[kept++] = list[i];
    }
    *count = kept;
    return single;
}

static crease_plot_series *add_series(picture *p, const char *name, const point *list, size_t count)
{
    size_t s = p->plot.count++;
    double *x = p->points[s] = crease_alloc(2 * count, sizeof *x), *y = x + count;
    for (size_t i = 0; i < count; i++) {
        x[i] = list[i].x;
        y[i] = list[i].y;
    }
    snprintf(p->name[s], TEXT, "%s", name);
    p->series[s] = (crease_plot_series){.name = p->name[s], .count = count, .x = x, .log10 = y};
    return &p->series[s];
}

static bool same_series(const cli_entry *a, const cli_entry *b)
{
    return a->series == b->series || (a->series && b->series && !strcmp(a->series, b->series));
}

/* The counts of a series that are complete, or those that are only lower bounds. */
static void add_counts(picture *p, size_t first, bool complete, unsigned color, point *list)
{
    const cli_entry *entry = p->comparison->entry;
    size_t count = 0;
    char name[TEXT];
    for (size_t i = first; i < p->comparison->counted; i++)
        if (same_series(&entry[i], &entry[first]) && entry[i].result.complete == complete)
            list[count++] = (point){p->x[i], crease_cli_log10_count(&entry[i].result)};
    if (!count)
        return;
    bool joined = sort_points(list, &count, false) && count > 1;
    snprintf(name, TEXT, "%.200s%s", entry[first].series ? entry[first].series : "counted",
             complete ? "" : ", at least (stopped)");
    crease_plot_series *s = add_series(p, name, list, count);
    s->style = !complete ? CREASE_PLOT_AT_LEAST : joined ? CREASE_PLOT_JOINED : CREASE_PLOT_POINTS;
    s->color = color;
}

static const crease_bound *bound_of(const cli_entry *entry, int which)
{
    switch (which) {
    case 0: return entry->upper_architecture;
    case 1: return entry->upper;
    case 2: return entry->lower;
    default: return crease_bounds_shallow(entry->bounds);
    }
}

/* Is it the least upper bound of the widths, for all networks? */
static bool is_repeated(const cli_comparison *c, int which)
{
    for (size_t i = 0; i < c->counted && which; i++) {
        const crease_bound *b = bound_of(&c->entry[i], which), *first = bound_of(&c->entry[i], 0);
        if (b && b->applies && (!first || strcmp(b->value, first->value)))
            return false;
    }
    return which > 0;
}

/* The bound that is the best one for all networks, if there is one.  Values are compared, since
 * several bounds may be equal. */
static const crease_bound *common_bound(const cli_comparison *c, int which)
{
    const crease_bounds *first = c->entry[0].bounds;
    for (size_t i = 0; i < crease_bounds_count(first); i++) {
        const char *id = crease_bounds_get(first, i)->id;
        bool best = true;
        for (size_t e = 0; e < c->counted && best; e++) {
            const crease_bound *wanted = which ? c->entry[e].lower : c->entry[e].upper_architecture;
            const crease_bound *b = i < crease_bounds_count(c->entry[e].bounds)
                                        ? crease_bounds_get(c->entry[e].bounds, i)
                                        : NULL;
            best =
                wanted && b && b->applies && !strcmp(b->id, id) && !strcmp(b->value, wanted->value);
        }
        if (best)
            return crease_bounds_get(first, i);
    }
    return NULL;
}

static void bound_name(const cli_comparison *c, int which, char *name)
{
    static const char *const general[BOUNDS] = {
        "upper bound, the least known", "upper bound of the network itself",
        "some network of these widths has", "most that one layer can have"};
    const crease_bound *b = which == 0 || which == 2 ? common_bound(c, which) : NULL;
    if (b)
        snprintf(name, TEXT, "%s: %s %d", which ? "some network has" : "upper bound", b->name,
                 b->year);
    else
        snprintf(name, TEXT, "%s", general[which]);
}

static void add_bound(picture *p, int which, point *list)
{
    const cli_comparison *c = p->comparison;
    char name[TEXT];
    size_t count = 0;
    for (size_t i = 0; i < c->counted; i++) {
        const crease_bound *b = bound_of(&c->entry[i], which);
        if (b && b->applies)
            list[count++] = (point){p->x[i], b->log10};
    }
    if (!count || is_repeated(c, which))
        return;
    bool single = sort_points(list, &count, true);
    /* A line needs two points. */
    if (count == 1 && !varies(c, CLI_X_STEP)) {
        list[1] = (point){list[0].x + 0.4, list[0].y};
        list[0].x -= 0.4;
        count = 2;
    }
    bound_name(c, which, name);
    crease_plot_series *s = add_series(p, name, list, count);
    s->style = single && count > 1 ? CREASE_PLOT_LINE : CREASE_PLOT_MARKS;
    s->color = (unsigned)which;
}

/* Counts of several series that no line joins are set side by side. */
static void set_apart(picture *p)
{
    double low = INFINITY, high = -INFINITY;
    size_t apart = 0, at = 0;
    for (size_t i = 0; i < p->comparison->counted; i++) {
        low = fmin(low, p->x[i]);
        high = fmax(high, p->x[i]);
    }
    for (size_t s = 0; s < p->plot.count; s++)
        apart += p->series[s].style == CREASE_PLOT_POINTS;
    double step = 0.025 * (high > low ? high - low : 1);
    for (size_t s = 0; s < p->plot.count; s++) {
        if (p->series[s].style != CREASE_PLOT_POINTS)
            continue;
        for (size_t i = 0; i < p->series[s].count; i++)
            p->points[s][i] += step * ((double)at - (double)(apart - 1) / 2);
        at++;
    }
}

/* ---- The picture ---- */

/* What all networks have in common. */
static void write_title(const cli_options *options, const cli_comparison *c, char *title)
{
    size_t used = (size_t)snprintf(title, TEXT, "Linear regions: counts and bounds");
    size_t inputs = crease_network_inputs(c->entry[0].network);
    size_t units = crease_network_units(c->entry[0].network);
    bool same_inputs = true, same_units = true;
    for (size_t i = 1; i < c->counted; i++) {
        same_inputs = same_inputs && crease_network_inputs(c->entry[i].network) == inputs;
        same_units = same_units && crease_network_units(c->entry[i].network) == units;
    }
    if (same_units)
        used += (size_t)snprintf(title + used, TEXT - used, ", %zu hidden units", units);
    if (same_inputs)
        used += (size_t)snprintf(title + used, TEXT - used, ", %zu input%s", inputs,
                                 inputs == 1 ? "" : "s");
    if (options->box || options->domain || options->vnnlib || options->slice) {
        char domain[CLI_DOMAIN];
        crease_cli_domain_words(options, inputs, domain);
        snprintf(title + used, TEXT - used, ", %.60s", domain);
    }
}

crease_status crease_cli_plot_comparison(const cli_options *options,
                                         const cli_comparison *comparison, crease_error *error)
{
    if (!comparison->counted)
        return crease_fail(error, CREASE_INPUT, "%s: nothing is counted, nothing is drawn",
                           options->plot);
    size_t count = comparison->counted, room = 2 * count + BOUNDS;
    char title[TEXT];
    picture p = {.comparison = comparison,
                 .x = crease_alloc(count, sizeof *p.x),
                 .series = crease_alloc(room, sizeof *p.series),
                 .points = crease_alloc(room, sizeof *p.points),
                 .name = crease_alloc(room, sizeof *p.name)};
    point *list = crease_alloc(count + 1, sizeof *list);
    unsigned color = 0;
    choose_axis(&p, options->x);
    write_title(options, comparison, title);
    p.plot.title = title;
    p.plot.y_label = "linear regions";
    p.plot.x_whole = true;
    p.plot.series = p.series;
    for (int which = 0; which < BOUNDS; which++)
        add_bound(&p, which, list);
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;
        while (!same_series(&comparison->entry[first], &comparison->entry[i]))
            first++;
        if (first != i)
            continue;
        add_counts(&p, i, true, color, list);
        add_counts(&p, i, false, color++, list);
    }
    set_apart(&p);
    crease_status status = crease_plot_draw(&p.plot, options->plot, error);
    for (size_t s = 0; s < p.plot.count; s++)
        free(p.points[s]);
    free(list);
    free(p.x);
    free(p.series);
    free(p.points);
    free(p.name);
    return status;
}
