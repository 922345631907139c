#include "search/classes.h"

#include "base/clock.h"
#include "base/lock.h"
#include "base/memory.h"
#include "base/rounding.h"
#include "cell/output.h"
#include "cell/pattern.h"
#include "cell/shadow.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>

enum { FIRST_CHUNK = 1024, CHUNKS = 48, SHARE = 16 };

typedef struct {
    _Atomic uint64_t print;  /* 0: not known yet */
    _Atomic uint64_t parent; /* handle + 1; 0: a root */
} node;

/* Chunk c has the nodes of FIRST_CHUNK 2^c handles and never moves. */
struct crease_classes {
    const crease_task *task;
    crease_output *output;
    crease_lock lock;
    _Atomic(node *) chunk[CHUNKS];
    _Atomic uint64_t unions;
};

struct crease_sorter {
    crease_classes *classes;
    crease_output_work *work;
    crease_tally *tally;
    uint64_t handle;
    const uint8_t *pattern;
    uint64_t print;
};

crease_classes *crease_classes_new(const crease_task *task)
{
    if (task->definition == CREASE_DEFINITION_ACTIVATION)
        return NULL;
    crease_classes *classes = crease_alloc(1, sizeof *classes);
    classes->task = task;
    classes->output = crease_output_new(task->model, task->network, task->print_bits);
    return classes;
}

void crease_classes_free(crease_classes *classes)
{
    if (!classes)
        return;
    for (size_t c = 0; c < CHUNKS; c++)
        free(atomic_load(&classes->chunk[c]));
    crease_output_free(classes->output);
    free(classes);
}

crease_sorter *crease_sorter_new(crease_classes *classes, crease_tally *tally)
{
    if (!classes)
        return NULL;
    crease_sorter *sorter = crease_alloc(1, sizeof *sorter);
    sorter->classes = classes;
    sorter->work = crease_output_work_new(classes->output);
    sorter->tally = tally;
    return sorter;
}

void crease_sorter_free(crease_sorter *sorter)
{
    if (!sorter)
        return;
    crease_output_work_free(sorter->work);
    free(sorter);
}

static size_t room_of(size_t c)
{
    return (size_t)FIRST_CHUNK << c;
}

static node *node_of(crease_classes *classes, uint64_t handle)
{
    size_t c = 63 - (size_t)__builtin_clzll(handle / FIRST_CHUNK + 1);
    assert(c < CHUNKS);
    node *chunk = atomic_load_explicit(&classes->chunk[c], memory_order_acquire);
    if (!chunk) {
        crease_lock_take(&classes->lock);
        chunk = atomic_load_explicit(&classes->chunk[c], memory_order_relaxed);
        if (!chunk)
            chunk = crease_alloc(room_of(c), sizeof *chunk);
        atomic_store_explicit(&classes->chunk[c], chunk, memory_order_release);
        crease_lock_release(&classes->lock);
    }
    return chunk + (handle - (room_of(c) - FIRST_CHUNK));
}

/* ---- Union-find ---- */

/* Workers race, but parents only ever change from a root to a smaller handle, or to an
 * ancestor: a path never closes, and two that find the same root are in one class. */
static uint64_t find(crease_classes *classes, uint64_t handle)
{
    for (;;) {
        node *here = node_of(classes, handle);
        uint64_t parent = atomic_load_explicit(&here->parent, memory_order_relaxed);
        if (!parent)
            return handle;
        assert(parent <= handle);
        uint64_t above =
            atomic_load_explicit(&node_of(classes, parent - 1)->parent, memory_order_relaxed);
        if (above)
            atomic_compare_exchange_strong(&here->parent, &parent, above);
        handle = (above ? above : parent) - 1;
    }
}

static void unite(crease_classes *classes, uint64_t a, uint64_t b)
{
    uint64_t none = 0;
    for (;;) {
        a = find(classes, a);
        b = find(classes, b);
        if (a == b)
            return;
        uint64_t high = a > b ? a : b, low = a > b ? b : a;
        none = 0;
        if (atomic_compare_exchange_strong(&node_of(classes, high)->parent, &none, low + 1)) {
            atomic_fetch_add_explicit(&classes->unions, 1, memory_order_relaxed);
            return;
        }
    }
}

/* ---- While the walk runs ---- */

static uint64_t print_of(crease_sorter *sorter, uint64_t handle, const uint8_t *pattern)
{
    node *here = node_of(sorter->classes, handle);
    uint64_t print = atomic_load_explicit(&here->print, memory_order_relaxed);
    if (!print) {
        print = crease_output_print(sorter->work, pattern);
        atomic_store_explicit(&here->print, print, memory_order_relaxed);
    }
    return print;
}

void crease_sorter_visit(crease_sorter *sorter, uint64_t handle, const uint8_t *pattern)
{
    if (!sorter)
        return;
    sorter->handle = handle;
    sorter->pattern = pattern;
    sorter->print = print_of(sorter, handle, pattern);
}

bool crease_sorter_apart(crease_sorter *sorter, uint64_t handle, const uint8_t *pattern)
{
    if (!sorter)
        return false;
    bool alike = print_of(sorter, handle, pattern) == sorter->print;
    if (CREASE_SHADOW && !alike)
        crease_shadow_prints(sorter->work, sorter->pattern, pattern);
    return alike && find(sorter->classes, handle) != find(sorter->classes, sorter->handle);
}

void crease_sorter_meet(crease_sorter *sorter, uint64_t handle, const uint8_t *pattern, size_t unit)
{
    if (!crease_sorter_apart(sorter, handle, pattern))
        return;
    uint64_t start = crease_clock_ticks();
    if (crease_output_same_beyond(sorter->work, sorter->pattern, pattern, unit))
        unite(sorter->classes, handle, sorter->handle);
    sorter->tally->exact++;
    sorter->tally->exact_ticks += crease_clock_ticks() - start;
}

/* ---- All classes ---- */

typedef struct {
    uint64_t print, handle;
    uint64_t first; /* the first root of the same fingerprint */
} root;

static int by_print(const void *left, const void *right)
{
    const root *a = left, *b = right;
    if (a->print != b->print)
        return a->print < b->print ? -1 : 1;
    return a->handle < b->handle ? -1 : a->handle > b->handle;
}

/* The roots that have a fingerprint, sorted by it. */
static root *sorted_roots(const crease_classes *classes, size_t *count)
{
    size_t room = 1024;
    root *all = crease_alloc(room, sizeof *all);
    *count = 0;
    for (size_t c = 0; c < CHUNKS; c++) {
        node *chunk = atomic_load(&classes->chunk[c]);
        for (size_t i = 0; chunk && i < room_of(c); i++) {
            uint64_t print = atomic_load_explicit(&chunk[i].print, memory_order_relaxed);
            if (!print || atomic_load_explicit(&chunk[i].parent, memory_order_relaxed))
                continue;
            if (*count == room)
                all = crease_realloc(all, room += room / 2, sizeof *all);
            all[(*count)++] = (root){print, room_of(c) - FIRST_CHUNK + i, 0};
        }
    }
    qsort(all, *count, sizeof *all, by_print);
    return all;
}

/* Fills in first; returns how many there are. */
static size_t group(root *all, size_t count)
{
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        bool begins = i == 0 || all[i].print != all[i - 1].print;
        all[i].first = begins ? all[i].handle : all[i - 1].first;
        groups += begins;
    }
    return groups;
}

typedef struct {
    crease_output_work *work;
    crease_tally tally;
    uint8_t *packed, *pattern[2];
} comparer;

static const uint8_t *fetch(comparer *c, const crease_model *model, crease_visited *visited,
                            uint64_t handle, int which)
{
    crease_visited_get(visited, handle, c->packed);
    crease_pattern_unpack(model, c->packed, c->pattern[which]);
    return c->pattern[which];
}

/* Unites the root with the first one of its fingerprint if the maps are equal. */
static void compare(comparer *c, crease_classes *classes, crease_visited *visited, const root *own)
{
    if (own->first == own->handle)
        return;
    uint64_t start = crease_clock_ticks();
    if (crease_output_same(c->work, fetch(c, classes->task->model, visited, own->first, 0),
                           fetch(c, classes->task->model, visited, own->handle, 1)))
        unite(classes, own->first, own->handle);
    c->tally.exact++;
    c->tally.exact_ticks += crease_clock_ticks() - start;
}

static void compare_all(crease_classes *classes, crease_visited *visited, const root *all,
                        size_t count, crease_tally *tally)
{
    const crease_model *model = classes->task->model;
    crease_monitor *monitor = classes->task->monitor;
#pragma omp parallel num_threads(classes->task->threads)
    {
        crease_rounding mode;
        crease_rounding_enter(&mode);
        comparer c = {crease_output_work_new(classes->output),
                      {0},
                      crease_alloc(crease_pattern_bytes(model), 1),
                      {crease_alloc(model->units, 1), crease_alloc(model->units, 1)}};
#pragma omp for schedule(dynamic, SHARE)
        for (size_t i = 0; i < count; i++) {
            if (omp_get_thread_num() == 0)
                crease_monitor_check(monitor, crease_visited_count(visited), 0, -1);
            if (!crease_monitor_stopped(monitor))
                compare(&c, classes, visited, &all[i]);
        }
#pragma omp critical
        crease_tally_add(tally, &c.tally);
        crease_output_work_free(c.work);
        free(c.packed);
        free(c.pattern[0]);
        free(c.pattern[1]);
        crease_rounding_leave(&mode);
    }
}

/* Puts classes of the same map together and returns how many are left; stops early, *unfinished, if
 * the monitor says so. */
static uint64_t count_maps(crease_classes *classes, crease_visited *visited, crease_tally *tally,
                           bool *unfinished)
{
    size_t count;
    root *all = sorted_roots(classes, &count);
    uint64_t found = 0;
    while (count && !crease_monitor_stopped(classes->task->monitor)) {
        size_t left = 0;
        found += group(all, count);
        compare_all(classes, visited, all, count, tally);
        /* What has the fingerprint of another map goes on by itself. */
        for (size_t i = 0; i < count; i++)
            if (all[i].first != all[i].handle &&
                !atomic_load(&node_of(classes, all[i].handle)->parent))
                all[left++] = all[i];
        count = left;
    }
    *unfinished = count > 0;
    free(all);
    return found;
}

static uint64_t count_prints(const crease_classes *classes)
{
    size_t count;
    root *all = sorted_roots(classes, &count);
    uint64_t groups = group(all, count);
    free(all);
    return groups;
}

static uint64_t memory_of(const crease_classes *classes)
{
    uint64_t bytes = sizeof *classes;
    for (size_t c = 0; c < CHUNKS; c++)
        if (atomic_load(&classes->chunk[c]))
            bytes += room_of(c) * sizeof(node);
    return bytes;
}

void crease_classes_finish(crease_classes *classes, crease_visited *visited,
                           crease_outcome *outcome)
{
    if (!classes)
        return;
    if (!outcome->unfinished) {
        outcome->open_connected = outcome->regions - atomic_load(&classes->unions);
        if (classes->task->definition == CREASE_DEFINITION_AFFINE)
            outcome->affine =
                count_maps(classes, visited, &outcome->tally, &outcome->unfinished);
    }
    if (outcome->unfinished)
        outcome->affine = count_prints(classes);
    outcome->store_bytes += memory_of(classes);
}
