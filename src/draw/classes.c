#include "draw/classes.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t crease_class_of(const double *output, size_t outputs)
{
    size_t best = 0;
    if (outputs == 1)
        return output[0] > 0;
    for (size_t j = 1; j < outputs; j++)
        if (output[j] > output[best])
            best = j;
    return best;
}

void crease_segments_add(crease_segments *s, const double *from, const double *to)
{
    if (s->count == s->room) {
        s->room = s->room ? 2 * s->room : 256;
        s->end = crease_realloc(s->end, 4 * s->room, sizeof *s->end);
    }
    memcpy(s->end + 4 * s->count, from, 2 * sizeof *from);
    memcpy(s->end + 4 * s->count + 2, to, 2 * sizeof *to);
    s->count++;
}

void crease_segments_free(crease_segments *s)
{
    free(s->end);
}

static void add_part(crease_parts *own, size_t which, size_t corners, const double *corner)
{
    if (own->count == own->room) {
        own->room = own->room ? 2 * own->room : 1024;
        own->which = crease_realloc(own->which, own->room, sizeof *own->which);
        own->begin = crease_realloc(own->begin, own->room + 1, sizeof *own->begin);
    }
    if (own->corners + corners > own->corner_room) {
        own->corner_room = 2 * (own->corners + corners);
        own->corner = crease_realloc(own->corner, 2 * own->corner_room, sizeof *own->corner);
    }
    memcpy(own->corner + 2 * own->corners, corner, 2 * corners * sizeof *corner);
    own->which[own->count] = which;
    own->begin[own->count++] = own->corners;
    own->corners += corners;
    own->begin[own->count] = own->corners;
}

void crease_parts_free(crease_parts *own)
{
    free(own->which);
    free(own->begin);
    free(own->corner);
}

/* A convex polygon.  A corner is x, y and the outputs; cut: by which output's line the edge to the
 * next corner was made, SIZE_MAX for edges of the polygon itself. */
typedef struct {
    size_t count, step;
    double *corner;
    size_t *cut;
} part;

/* Output a minus output b at corner i, where b may stand for 0. */
static double lead(const part *p, size_t i, size_t a, size_t b)
{
    const double *output = p->corner + i * p->step + 2;
    double difference = p->step == 3 ? output[0] : output[a] - output[b];
    return p->step == 3 && a == 0 ? -difference : difference;
}

static void copy_corner(part *to, const part *from, size_t i, size_t cut)
{
    memcpy(to->corner + to->count * to->step, from->corner + i * from->step,
           to->step * sizeof *to->corner);
    to->cut[to->count++] = cut;
}

/* The corner on the edge from i to k where the lead is 0. */
static void add_crossing(part *to, const part *from, size_t i, size_t k, double at_i, double at_k,
                         size_t cut)
{
    const double *a = from->corner + i * from->step, *b = from->corner + k * from->step;
    double share = at_i / (at_i - at_k), *out = to->corner + to->count * to->step;
    for (size_t j = 0; j < to->step; j++)
        out[j] = a[j] + share * (b[j] - a[j]);
    to->cut[to->count++] = cut;
}

/* What of `from` has output a at least as large as b (Sutherland and Hodgman, 1974). */
static void clip(part *to, const part *from, size_t a, size_t b)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        size_t k = i + 1 < from->count ? i + 1 : 0;
        double at_i = lead(from, i, a, b), at_k = lead(from, k, a, b);
        if (at_i >= 0)
            copy_corner(to, from, i, at_i == 0 && at_k < 0 ? b : from->cut[i]);
        if (at_i > 0 && at_k < 0)
            add_crossing(to, from, i, k, at_i, at_k, b);
        else if (at_i < 0 && at_k > 0)
            add_crossing(to, from, i, k, at_i, at_k, from->cut[i]);
    }
}

/* Is a at least as large as all others everywhere? */
static bool wins(const part *p, size_t a, size_t classes, double slack)
{
    for (size_t b = 0; b < classes; b++)
        for (size_t i = 0; i < p->count && b != a; i++)
            if (lead(p, i, a, b) < (a < b ? -slack : 0))
                return false;
    return true;
}

static part part_new(size_t room, size_t step)
{
    return (part){.step = step,
                  .corner = crease_alloc(room * step, sizeof(double)),
                  .cut = crease_alloc(room, sizeof(size_t))};
}

static void part_free(part *p)
{
    free(p->corner);
    free(p->cut);
}

/* Hands over the part of class a, and the lines to classes after it. */
static void give(const part *p, size_t a, double *flat, crease_parts *parts,
                 crease_segments *segments)
{
    if (p->count < 3)
        return;
    for (size_t i = 0; i < p->count; i++)
        memcpy(flat + 2 * i, p->corner + i * p->step, 2 * sizeof *flat);
    add_part(parts, a, p->count, flat);
    for (size_t i = 0; i < p->count; i++)
        if (p->cut[i] != SIZE_MAX && p->cut[i] > a)
            crease_segments_add(segments, flat + 2 * i, flat + 2 * (i + 1 < p->count ? i + 1 : 0));
}

void crease_classes_divide(size_t corners, const double *corner, size_t outputs,
                           const double *output, double slack, crease_parts *parts,
                           crease_segments *segments)
{
    size_t classes = outputs == 1 ? 2 : outputs, step = outputs + 2;
    size_t room = corners + classes + 1;
    part whole = part_new(room, step), now = part_new(room, step), next = part_new(room, step);
    double *flat = crease_alloc(2 * room, sizeof *flat);
    for (size_t i = 0; i < corners; i++) {
        memcpy(whole.corner + i * step, corner + 2 * i, 2 * sizeof *corner);
        memcpy(whole.corner + i * step + 2, output + i * outputs, outputs * sizeof *output);
        whole.cut[i] = SIZE_MAX;
    }
    whole.count = corners;
    size_t winner = 0;
    while (winner < classes && !wins(&whole, winner, classes, slack))
        winner++;
    if (winner < classes)
        give(&whole, winner, flat, parts, segments);
    for (size_t a = 0; a < classes && winner == classes; a++) {
        now.count = 0;
        for (size_t i = 0; i < corners; i++)
            copy_corner(&now, &whole, i, SIZE_MAX);
        for (size_t b = 0; b < classes && now.count; b++) {
            if (b == a)
                continue;
            clip(&next, &now, a, b);
            part kept = now;
            now = next;
            next = kept;
        }
        give(&now, a, flat, parts, segments);
    }
    part_free(&whole);
    part_free(&now);
    part_free(&next);
    free(flat);
}
