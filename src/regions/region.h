/* A region for its user (crease_regions.h), from its pattern or from a cell of the split engine.
 *
 * One crease_region serves one worker for all its regions, one after the other.  What is asked for
 * is computed once per region.  Computations are interrupted (base/interrupt.h) between
 * crease_region_enter and crease_region_leave; facets are given up between two of them
 * (crease_region_late). */
#ifndef CREASE_REGIONS_REGION_H
#define CREASE_REGIONS_REGION_H

#include "lp/boxed.h"
#include "search/search.h"
#include "walk/walk_region.h"

#include <crease_regions.h>

typedef struct {
    crease_facet facet;
    size_t decision;    /* UNIT: that vanishes on it */
    bool crossed;       /* neighbour is set */
    uint8_t *neighbour; /* states of the units */
} crease_region_side;

struct crease_region {
    const crease_network *network; /* of the user */
    const crease_network *lowered; /* that the model was made of */
    const crease_domain *domain;   /* or NULL */
    const crease_model *model;
    size_t inputs, units;
    /* The region. */
    const crease_cell *cell;  /* a ray cell in the coordinates of the model, or NULL */
    uint8_t *state;           /* of the units */
    uint8_t **gate;           /* per layer of lowered: the rows that are passed on */
    crease_interrupt *search; /* says when the search is to stop, or NULL */
    bool stopped;             /* something was left early for it */
    double weight;            /* of crease_leaf */
    size_t draws;
    int group;
    bool bounds_added, rows_added, rows_loaded, gated, pointed, faceted;
    /* The point. */
    double *inside;     /* in the coordinates of the model, proved inside; if has_inside */
    bool has_inside;    /* set by crease_region_find_inside */
    double *point;      /* inputs */
    bool point_exact;   /* point is proved to lie inside */
    mpq_t *exact_point; /* inputs: what point is near to; unless point_exact */
    /* The facets. */
    size_t sides, room;
    crease_region_side *side;
    bool bounded;
    /* The shape. */
    bool sized, cornered, balled; /* the volume, the vertices, the ball are known */
    mpq_t volume;                 /* of a bounded region, if sized */
    size_t vertices;
    mpz_t *vertex;      /* as crease_vertices sets them; NULL if not cornered */
    mpq_t *ball_centre; /* inputs */
    double radius;
    /* Working state. */
    crease_walk_region walk; /* its pattern is the region's; unused if the model has no inputs */
    crease_boxed *boxed;     /* NULL if the domain has no box, or one beyond doubles */
    crease_arena *arena;     /* of its rows */
    crease_cone *bounds;     /* of the rows that bound the cell, if bounds_added */
    const crease_row *bounding[CREASE_RAY_SLOTS];
    crease_tally tally;
    mpq_t *middle;          /* inputs: a point in the middle of the box, 0 without one */
    bool middle_inside;     /* as a double, in all inputs that the model has dropped */
    double *outside;        /* in the coordinates of the model */
    double *rounded;        /* the same */
    double *centre, *scale; /* of the model's inputs: x = centre + scale v / v_n, as doubles */
    uint8_t *across;
    mpz_t *V;   /* model->inputs + 1 */
    mpz_t *row; /* inputs + 1 */
    mpz_t den;
    mpq_t entry;
};

/* For the regions of a task on the user's network and domain. */
crease_region *crease_region_new(const crease_network *network, const crease_domain *domain,
                                 const crease_task *task);
void crease_region_free(crease_region *region);

/* Begins the region of the leaf, which must stay while it is in use. */
void crease_region_begin(crease_region *region, const crease_leaf *leaf);

/* Is the search to stop?  Then what is being computed is left, and the region is stopped
 * (crease_region_stopped).  Never with few inputs, for which nothing takes long. */
enum { CREASE_REGION_FEW_INPUTS = 3 };
bool crease_region_late(crease_region *region);

/* What is computed between them may be left early for this reason. */
void crease_region_enter(crease_region *region, crease_interrupt *token);
void crease_region_leave(crease_region *region, crease_interrupt *token);

/* Adds the rows that bound the cell, which carries rays: their inequalities have the region as
 * their solutions. */
void crease_region_add_bounds(crease_region *region);

/* Adds the rows of the walk, and passes them to its proposer. */
void crease_region_add_rows(crease_region *region);
void crease_region_load_rows(crease_region *region);

/* Sets row / den to the inequality of a facet, row.(x, 1) / den > 0 inside. */
void crease_region_set_facet_row(crease_region *region, size_t i);

/* The same to output i, which is row.(x, 1) / den in the region. */
void crease_region_set_output_row(crease_region *region, size_t i);

/* Sets gate. */
void crease_region_set_gates(crease_region *region);

/* Sets entry to row[j] / den; the same as a new text, and truncated to a double. */
void crease_region_entry(crease_region *region, size_t j);
char *crease_region_entry_text(crease_region *region, size_t j);
double crease_region_entry_double(crease_region *region, size_t j);

/* Sets A, outputs x inputs integers row by row, and den > 0: the outputs are A x / den + b.  den is
 * the same for all regions of a network. */
void crease_region_linear(crease_region *region, mpz_t *A, mpz_t den);

/* Which decision or face of the model a row of a ray cell is, faces numbered after the decisions:
 * sides of the box in the kept inputs, half-spaces, infinity. */
size_t crease_region_row_id(const crease_region *region, const crease_row *row);

/* The facet on which this decision or face vanishes. */
crease_facet crease_region_facet_of(const crease_region *region, size_t id);

/* Sets neighbour to the states of the units beyond the facet on which this decision vanishes, which
 * must be one between two regions. */
void crease_region_cross(crease_region *region, size_t decision, uint8_t *neighbour);

/* Sets inside if a proved interior point is found in doubles. */
void crease_region_find_inside(crease_region *region);

#endif
