/* A list of patterns with weights. */
#ifndef CREASE_SAMPLE_DRAWN_H
#define CREASE_SAMPLE_DRAWN_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t units; /* bytes of a pattern */
    size_t count, room;
    uint8_t *pattern; /* count x units */
    double *weight;
} crease_drawn;

crease_drawn crease_drawn_new(size_t units);
void crease_drawn_free(crease_drawn *drawn);

/* Adds a pattern of this weight; the caller sets its bytes. */
uint8_t *crease_drawn_add(crease_drawn *drawn, double weight);

#endif
