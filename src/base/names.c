#include "base/names.h"

#include <assert.h>
#include <crease_bounds.h>
#include <crease_points.h>
#include <stddef.h>
#include <string.h>

/* Each in the order of its type. */
static const char *const engines[] = {"auto", "walk", "split"};
static const char *const proposers[] = {"auto", "glpk", "dense"};
static const char *const cells[] = {"auto", "lp", "rays"};
static const char *const mergings[] = {"auto", "on", "off"};
static const char *const definitions[] = {"activation", "open-connected", "affine"};
static const char *const norms[] = {"linf", "l1"};
static const char *const weights[] = {"auto", "float32", "float64", "decimal"};
static const char *const stops[] = {"none", "regions", "seconds", "memory", "asked", "gap"};
static const char *const bound_kinds[] = {"exact", "upper", "lower", "expectation", "growth"};
static const char *const bound_sources[] = {"read", "cited", "not read", "proved"};
static const struct {
    const char *name;
    size_t place; /* in crease_decisions */
} decisions[] = {
    {"filter", offsetof(crease_decisions, filter)},
    {"exact", offsetof(crease_decisions, exact)},
    {"lp", offsetof(crease_decisions, lp)},
    {"pool", offsetof(crease_decisions, pool)},
};

enum {
    ENGINES = sizeof engines / sizeof *engines,
    PROPOSERS = sizeof proposers / sizeof *proposers,
    CELLS = sizeof cells / sizeof *cells,
    MERGINGS = sizeof mergings / sizeof *mergings,
    DEFINITIONS = sizeof definitions / sizeof *definitions,
    NORMS = sizeof norms / sizeof *norms,
    WEIGHTS = sizeof weights / sizeof *weights,
    STOPS = sizeof stops / sizeof *stops,
    BOUND_KINDS = sizeof bound_kinds / sizeof *bound_kinds,
    BOUND_SOURCES = sizeof bound_sources / sizeof *bound_sources,
    DECISIONS = sizeof decisions / sizeof *decisions
};

const char *crease_version(void)
{
    return CREASE_VERSION;
}

static const char *name_of(const char *const *names, unsigned count, unsigned value)
{
    return value < count ? names[value] : NULL;
}

/* The index of the name, count if it is not there. */
static unsigned find(const char *const *names, unsigned count, const char *name)
{
    unsigned i = 0;
    while (i < count && strcmp(names[i], name))
        i++;
    return i;
}

const char *crease_engine_name(crease_engine engine)
{
    return name_of(engines, ENGINES, (unsigned)engine);
}

const char *crease_lp_name(crease_lp lp)
{
    return name_of(proposers, PROPOSERS, (unsigned)lp);
}

const char *crease_cell_kind_name(crease_cell_kind kind)
{
    return name_of(cells, CELLS, (unsigned)kind);
}

const char *crease_merging_name(crease_merging merge)
{
    return name_of(mergings, MERGINGS, (unsigned)merge);
}

const char *crease_definition_name(crease_definition definition)
{
    return name_of(definitions, DEFINITIONS, (unsigned)definition);
}

const char *crease_norm_name(crease_norm norm)
{
    return name_of(norms, NORMS, (unsigned)norm);
}

const char *crease_weights_name(crease_weights meaning)
{
    return name_of(weights, WEIGHTS, (unsigned)meaning);
}

const char *crease_stop_name(crease_stop stop)
{
    return name_of(stops, STOPS, (unsigned)stop);
}

const char *crease_bound_kind_name(crease_bound_kind kind)
{
    return name_of(bound_kinds, BOUND_KINDS, (unsigned)kind);
}

const char *crease_bound_source_name(crease_bound_source source)
{
    return name_of(bound_sources, BOUND_SOURCES, (unsigned)source);
}

const char *crease_decision_name(crease_decision kind)
{
    return (unsigned)kind < DECISIONS ? decisions[kind].name : NULL;
}

bool crease_engine_find(const char *name, crease_engine *engine)
{
    unsigned i = find(engines, ENGINES, name);
    if (i < ENGINES)
        *engine = (crease_engine)i;
    return i < ENGINES;
}

bool crease_lp_find(const char *name, crease_lp *lp)
{
    unsigned i = find(proposers, PROPOSERS, name);
    if (i < PROPOSERS)
        *lp = (crease_lp)i;
    return i < PROPOSERS;
}

bool crease_cell_kind_find(const char *name, crease_cell_kind *kind)
{
    unsigned i = find(cells, CELLS, name);
    if (i < CELLS)
        *kind = (crease_cell_kind)i;
    return i < CELLS;
}

bool crease_merging_find(const char *name, crease_merging *merge)
{
    unsigned i = find(mergings, MERGINGS, name);
    if (i < MERGINGS)
        *merge = (crease_merging)i;
    return i < MERGINGS;
}

bool crease_definition_find(const char *name, crease_definition *definition)
{
    unsigned i = find(definitions, DEFINITIONS, name);
    if (i < DEFINITIONS)
        *definition = (crease_definition)i;
    return i < DEFINITIONS;
}

bool crease_norm_find(const char *name, crease_norm *norm)
{
    unsigned i = find(norms, NORMS, name);
    if (i < NORMS)
        *norm = (crease_norm)i;
    return i < NORMS;
}

bool crease_weights_find(const char *name, crease_weights *meaning)
{
    unsigned i = find(weights, WEIGHTS, name);
    if (i < WEIGHTS)
        *meaning = (crease_weights)i;
    return i < WEIGHTS;
}

uint64_t *crease_decisions_at(crease_decisions *all, crease_decision kind)
{
    assert((unsigned)kind < DECISIONS);
    return (uint64_t *)((char *)all + decisions[kind].place);
}
