/* Divides a polygon on which outputs are affine into the parts where each of them is largest: in
 * floating point, for colours and decision boundaries only. */
#ifndef CREASE_DRAW_CLASSES_H
#define CREASE_DRAW_CLASSES_H

#include <stdbool.h>
#include <stddef.h>

/* The class of a point with these outputs: the first that is largest, or if there is one, whether
 * it is positive. */
size_t crease_class_of(const double *output, size_t outputs);

typedef struct {
    size_t count, room; /* of segments */
    double *end;        /* x0, y0, x1, y1 of each */
} crease_segments;

void crease_segments_add(crease_segments *segments, const double *from, const double *to);
void crease_segments_free(crease_segments *segments);

/* Polygons with their classes, one after the other. */
typedef struct {
    size_t count, room, corners, corner_room;
    size_t *which; /* the class of each */
    size_t *begin; /* count + 1: polygon i has the corners begin[i], ..., begin[i + 1] - 1 */
    double *corner;
} crease_parts;

void crease_parts_free(crease_parts *parts);

/* corner: corners x 2, convex and counterclockwise; output: corners x outputs, the values there.
 * Adds the parts of all classes, and the lines between them.  Values that differ by less than slack
 * are equal. */
void crease_classes_divide(size_t corners, const double *corner, size_t outputs,
                           const double *output, double slack, crease_parts *parts,
                           crease_segments *segments);

#endif
