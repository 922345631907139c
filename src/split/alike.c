#include "split/alike.h"

#include "base/memory.h"
#include "dd/image.h"
#include "proof/alike_map.h"
#include "proof/farkas_vertices.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A cell with fewer regions is written again: that is shorter. */
enum { FEW = 8, SLOTS = 1 << 12 };

typedef struct {
    size_t l, unit;
} part;

/* A cell that others may be like. */
typedef struct {
    crease_alike_cell *cell;
    uint8_t *key; /* once it has ended */
    size_t bytes, number;
    size_t next; /* one more than the next cell with a key in its slot, or 0 */
    crease_whole regions;
} named;

/* The bounds of a cell at a border, and how many parts were open there. */
typedef struct {
    crease_bounds_list bounds;
    size_t parts;
} level;

struct crease_alike {
    const crease_model *model;
    bool wide;
    part *part; /* those that made the cell */
    size_t parts;
    level *level; /* of the borders on the way to the cell, the domain first */
    size_t levels;
    named *named;
    size_t count, room, numbers;
    size_t first[SLOTS], last[SLOTS]; /* of the cells with keys, by a hash of the key; as in next */
    bool *needed;                     /* by number of named, as the first walk found */
    bool second;
};

static void begin_walk(crease_alike *alike)
{
    const crease_model *model = alike->model;
    size_t d = model->inputs + 1;
    alike->level[0] = (level){{.d = d}, 0};
    alike->levels = 1;
    for (size_t f = 0; f < model->faces; f++)
        crease_bounds_add(&alike->level[0].bounds,
                          crease_farkas_reference(model, &(crease_row){NULL, f, 1}),
                          (const mpz_t *)model->face + f * d, 1);
}

crease_alike *crease_alike_begin(const crease_model *model, bool wide)
{
    crease_alike *alike = crease_alloc(1, sizeof *alike);
    alike->model = model;
    alike->wide = wide;
    alike->part = crease_alloc(model->units + model->inputs, sizeof *alike->part);
    alike->level = crease_alloc(model->layers + 1, sizeof *alike->level);
    begin_walk(alike);
    return alike;
}

static void end_walk(crease_alike *alike)
{
    while (alike->levels > 0)
        crease_bounds_clear(&alike->level[--alike->levels].bounds);
    for (size_t i = 0; i < alike->count; i++) {
        crease_alike_free(alike->named[i].cell);
        free(alike->named[i].key);
    }
    alike->count = alike->parts = 0;
    memset(alike->first, 0, sizeof alike->first);
}

void crease_alike_again(crease_alike *alike)
{
    end_walk(alike);
    begin_walk(alike);
    alike->second = true;
}

void crease_alike_end(crease_alike *alike)
{
    if (!alike)
        return;
    end_walk(alike);
    free(alike->part);
    free(alike->level);
    free(alike->named);
    free(alike->needed);
    free(alike);
}

void crease_alike_part(crease_alike *alike, size_t l, size_t unit)
{
    alike->part[alike->parts++] = (part){l, unit};
}

void crease_alike_join(crease_alike *alike)
{
    alike->parts--;
}

static crease_bounds_list gather(const crease_alike *alike, const crease_stage *stage)
{
    const level *last = &alike->level[alike->levels - 1];
    crease_bounds_list bounds = crease_bounds_copy(&last->bounds);
    for (size_t i = last->parts; i < alike->parts; i++) {
        const part *p = &alike->part[i];
        crease_bounds_add(&bounds, alike->model->layer[p->l].first + p->unit,
                          crease_map_exact(stage[p->l].map, p->unit),
                          stage[p->l].state[p->unit] ? 1 : -1);
    }
    return bounds;
}

/* The image, and the states of the units that do not cut the cell. */
static uint8_t *find_key(const crease_alike *alike, const crease_stage *stage, size_t l,
                         const crease_cell *cell, const uint64_t *cut, const uint64_t *live,
                         size_t *bytes)
{
    size_t units = alike->model->layer[l].decisions;
    uint8_t *key = (alike->wide ? crease_image_key
                                : crease_image_cone_key)(cell->chart, &cell->rays, live, bytes);
    key = crease_realloc(key, *bytes + units, 1);
    for (size_t u = 0; u < units; u++)
        key[*bytes + u] = crease_bit(cut, u) ? UINT8_MAX : stage[l].state[u];
    *bytes += units;
    return key;
}

static size_t add_named(crease_alike *alike, crease_alike_cell *cell)
{
    if (alike->count == alike->room) {
        size_t had = alike->room;
        alike->room = 2 * had + 64;
        alike->named = crease_realloc(alike->named, alike->room, sizeof *alike->named);
        alike->needed = crease_realloc(alike->needed, alike->room, sizeof *alike->needed);
        memset(alike->needed + had, 0, (alike->room - had) * sizeof *alike->needed);
    }
    alike->named[alike->count] = (named){.cell = cell};
    return alike->count++;
}

/* FNV-1a */
static size_t slot_of(const uint8_t *key, size_t bytes)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ key[i]) * 0x100000001b3;
    return (hash ^ hash >> 32) % SLOTS;
}

/* The cell has a key now, and comes behind those that had theirs before. */
static void enlist(crease_alike *alike, size_t i)
{
    size_t s = slot_of(alike->named[i].key, alike->named[i].bytes);
    if (alike->first[s])
        alike->named[alike->last[s] - 1].next = i + 1;
    else
        alike->first[s] = i + 1;
    alike->last[s] = i + 1;
}

/* A cell with this key that has ended, and maps to it and back; or NULL. */
static named *find(crease_alike *alike, const crease_alike_cell *cell, const uint8_t *key,
                   size_t bytes, mpq_t *map[2])
{
    for (size_t i = alike->first[slot_of(key, bytes)]; i; i = alike->named[i - 1].next) {
        named *other = &alike->named[i - 1];
        if (other->bytes != bytes || memcmp(other->key, key, bytes))
            continue;
        map[0] = crease_alike_map(cell, other->cell);
        map[1] = map[0] ? crease_alike_map(other->cell, cell) : NULL;
        if (map[1])
            return other;
        crease_alike_drop(map[0], cell->d);
    }
    return NULL;
}

static void write_like(crease_alike *alike, crease_cells *cells, crease_trace *trace,
                       const crease_cell *cell, const crease_alike_cell *own,
                       const crease_bounds_list *bounds, const named *other, mpq_t *map[2])
{
    alike->needed[other - alike->named] = true;
    crease_alike_write_drops(trace, own, bounds);
    crease_trace_like(trace, other->number);
    crease_cell_point(cells, cell);
    crease_alike_write(trace, alike->model, own, other->cell, map[0], map[1]);
    crease_trace_like_end(trace, &other->regions);
}

bool crease_alike_enter(crease_alike *alike, crease_cells *cells, crease_trace *trace,
                        const crease_stage *stage, size_t l, const crease_cell *cell,
                        const uint64_t *cut, crease_alike_border *border, crease_whole *regions)
{
    crease_bounds_list bounds = gather(alike, stage);
    *border = (crease_alike_border){.own = SIZE_MAX, .before = trace->regions};
    uint64_t *live = crease_arena_take(cell->chart->arena, cell->chart->words * sizeof *live);
    crease_image_live(alike->model, l, cut, stage[l].state, false, live);
    crease_alike_cell *own = crease_alike_new(cell->chart, &cell->rays, live, &bounds);
    border->key = find_key(alike, stage, l, cell, cut, live, &border->bytes);
    mpq_t *map[2];
    named *other =
        crease_interrupt_raised() ? NULL : find(alike, own, border->key, border->bytes, map);
    if (other) {
        write_like(alike, cells, trace, cell, own, &bounds, other, map);
        *regions = other->regions;
        crease_alike_drop(map[0], own->d);
        crease_alike_drop(map[1], own->d);
        crease_alike_free(own);
        crease_bounds_clear(&bounds);
        free(border->key);
        return true;
    }
    border->own = add_named(alike, own);
    bool shown = alike->second && alike->needed[border->own] && !crease_interrupt_raised();
    if (shown) {
        crease_alike_write_drops(trace, own, &bounds);
        crease_trace_name(trace, alike->named[border->own].number = alike->numbers++);
        crease_bounds_clear(&bounds);
        bounds = crease_bounds_copy(&own->bounds);
    }
    assert(alike->levels <= alike->model->layers);
    alike->level[alike->levels++] = (level){bounds, alike->parts};
    return false;
}

void crease_alike_leave(crease_alike *alike, const crease_trace *trace, crease_alike_border *border)
{
    named *own = &alike->named[border->own];
    crease_bounds_clear(&alike->level[--alike->levels].bounds);
    own->regions = trace->regions;
    crease_whole_subtract(&own->regions, &border->before);
    if (crease_interrupt_raised() || crease_whole_word(&own->regions) < FEW) {
        free(border->key);
        crease_alike_free(own->cell);
        own->cell = NULL;
        return;
    }
    own->key = border->key;
    own->bytes = border->bytes;
    enlist(alike, border->own);
}
