#include "walk/affine_classes.h"

#include "base/clock.h"
#include "base/lock.h"
#include "base/memory.h"
#include "base/rounding.h"
#include "model/output_map.h"
#include "model/pattern.h"
#include "model/shadow.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>

/* A stopped count takes at most this long to compute its result. */
static const double finish_seconds = 0.25;

enum { FIRST_CHUNK = 1024, CHUNKS = 48, SHARE = 16 };

typedef struct {
    _Atomic uint64_t print;  /* 0: not known yet */
    _Atomic uint64_t parent; /* handle + 1; 0: a root */
} node;

/* Chunk c has the nodes of FIRST_CHUNK 2^c handles and never moves. */
struct crease_affine_classes {
    const crease_task *task;
    crease_output *output;
    crease_lock lock;
    _Atomic(node *) chunk[CHUNKS];
    _Atomic uint64_t unions;
};

struct crease_class_view {
    crease_affine_classes *classes;
    crease_output_work *work;
    crease_tally *tally;
    uint64_t handle;
    const uint8_t *pattern;
    uint64_t print;
};

crease_affine_classes *crease_affine_classes_new(const crease_task *task)
{
    if (task->definition == CREASE_DEFINITION_ACTIVATION)
        return NULL;
    crease_affine_classes *classes = crease_alloc(1, sizeof *classes);
    classes->task = task;
    classes->output = crease_output_new(task->model, task->network, task->print_bits);
    return classes;
}

void crease_affine_classes_free(crease_affine_classes *classes)
{
    if (!classes)
        return;
    for (size_t c = 0; c < CHUNKS; c++)
        free(atomic_load(&classes->chunk[c]));
    crease_output_free(classes->output);
    free(classes);
}

crease_class_view *crease_class_view_new(crease_affine_classes *classes, crease_tally *tally)
{
    if (!classes)
        return NULL;
    crease_class_view *view = crease_alloc(1, sizeof *view);
    view->classes = classes;
    view->work = crease_output_work_new(classes->output);
    view->tally = tally;
    return view;
}

void crease_class_view_free(crease_class_view *view)
{
    if (!view)
        return;
    crease_output_work_free(view->work);
    free(view);
}

static size_t room_of(size_t c)
{
    return (size_t)FIRST_CHUNK << c;
}

static node *node_of(crease_affine_classes *classes, uint64_t handle)
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
static uint64_t find(crease_affine_classes *classes, uint64_t handle)
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

static void unite(crease_affine_classes *classes, uint64_t a, uint64_t b)
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

static uint64_t print_of(crease_class_view *view, uint64_t handle, const uint8_t *pattern)
{
    node *here = node_of(view->classes, handle);
    uint64_t print = atomic_load_explicit(&here->print, memory_order_relaxed);
    if (!print) {
        print = crease_output_print(view->work, pattern);
        atomic_store_explicit(&here->print, print, memory_order_relaxed);
    }
    return print;
}

void crease_class_view_visit(crease_class_view *view, uint64_t handle, const uint8_t *pattern)
{
    if (!view)
        return;
    view->handle = handle;
    view->pattern = pattern;
    view->print = print_of(view, handle, pattern);
}

bool crease_class_view_may_merge(crease_class_view *view, uint64_t handle, const uint8_t *pattern)
{
    if (!view)
        return false;
    bool alike = print_of(view, handle, pattern) == view->print;
    if (CREASE_SHADOW && !alike)
        crease_shadow_prints(view->work, view->pattern, pattern);
    return alike && find(view->classes, handle) != find(view->classes, view->handle);
}

void crease_class_view_merge(crease_class_view *view, uint64_t handle, const uint8_t *pattern,
                             size_t unit)
{
    if (!crease_class_view_may_merge(view, handle, pattern))
        return;
    uint64_t start = crease_clock_ticks();
    if (crease_output_same_beyond(view->work, view->pattern, pattern, unit) &&
        !crease_interrupt_raised())
        unite(view->classes, handle, view->handle);
    view->tally->exact++;
    view->tally->exact_ticks += crease_clock_ticks() - start;
}

/* ---- All classes ---- */

typedef struct {
    uint64_t print, handle;
    uint64_t first; /* the first root of the same fingerprint */
} root;

static bool is_before(const root *a, const root *b)
{
    return a->print != b->print ? a->print < b->print : a->handle < b->handle;
}

/* Merges two sorted runs, which follow each other. */
static void merge(root *out, const root *left, size_t lefts, const root *right, size_t rights)
{
    size_t i = 0, k = 0;
    while (i < lefts || k < rights)
        if (k == rights || (i < lefts && is_before(&left[i], &right[k])))
            *out++ = left[i++];
        else
            *out++ = right[k++];
}

/* By print and handle; qsort could not be stopped. */
static root *sorted(root *all, size_t count)
{
    root *other = crease_alloc(count, sizeof *other);
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t i = 0; i < count && !crease_interrupted(); i += 2 * width) {
            size_t lefts = count - i < width ? count - i : width, rest = count - i - lefts;
            merge(other + i, all + i, lefts, all + i + lefts, rest < width ? rest : width);
        }
        root *swap = all;
        all = other;
        other = swap;
    }
    free(other);
    return all;
}

/* The roots that have a fingerprint, sorted by it; not all of them if the monitor says so. */
static root *sorted_roots(const crease_affine_classes *classes, size_t *count)
{
    size_t room = 1024;
    root *all = crease_alloc(room, sizeof *all);
    *count = 0;
    for (size_t c = 0; c < CHUNKS; c++) {
        node *chunk = atomic_load(&classes->chunk[c]);
        for (size_t i = 0; chunk && i < room_of(c) && !crease_interrupted(); i++) {
            uint64_t print = atomic_load_explicit(&chunk[i].print, memory_order_relaxed);
            if (!print || atomic_load_explicit(&chunk[i].parent, memory_order_relaxed))
                continue;
            if (*count == room)
                all = crease_realloc(all, room += room / 2, sizeof *all);
            all[(*count)++] = (root){print, room_of(c) - FIRST_CHUNK + i, 0};
        }
    }
    return sorted(all, *count);
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
static void compare(comparer *c, crease_affine_classes *classes, crease_visited *visited,
                    const root *own)
{
    if (own->first == own->handle)
        return;
    uint64_t start = crease_clock_ticks();
    if (crease_output_same(c->work, fetch(c, classes->task->model, visited, own->first, 0),
                           fetch(c, classes->task->model, visited, own->handle, 1)) &&
        !crease_interrupt_raised())
        unite(classes, own->first, own->handle);
    c->tally.exact++;
    c->tally.exact_ticks += crease_clock_ticks() - start;
}

static void compare_all(crease_affine_classes *classes, crease_visited *visited, const root *all,
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
        crease_interrupt token;
        const crease_whole visits = crease_whole_of(crease_visited_count(visited));
        crease_interrupt_enter(&token, crease_monitor_interrupt, monitor);
#pragma omp for schedule(dynamic, SHARE)
        for (size_t i = 0; i < count; i++) {
            if (omp_get_thread_num() == 0)
                crease_monitor_check(monitor, &visits, 0, -1);
            if (!crease_interrupt_due() && !crease_monitor_stopped(monitor))
                compare(&c, classes, visited, &all[i]);
        }
        crease_interrupt_leave(&token);
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
static uint64_t count_maps(crease_affine_classes *classes, crease_visited *visited,
                           crease_tally *tally, bool *unfinished)
{
    size_t count;
    root *all = sorted_roots(classes, &count);
    uint64_t found = 0;
    while (count && !crease_interrupt_due()) {
        size_t left = 0;
        found += group(all, count);
        compare_all(classes, visited, all, count, tally);
        /* Roots with the same fingerprint but another map are compared among themselves. */
        for (size_t i = 0; i < count; i++)
            if (all[i].first != all[i].handle &&
                !atomic_load(&node_of(classes, all[i].handle)->parent))
                all[left++] = all[i];
        count = left;
    }
    *unfinished = count > 0 || crease_interrupt_raised();
    free(all);
    return found;
}

/* A set of fingerprints: a table with open addressing, at most half full. */
typedef struct {
    uint64_t *slot;
    size_t size, count;
} prints;

static void insert_print(prints *set, uint64_t print)
{
    size_t at = (size_t)(print * 0x9e3779b97f4a7c15u >> 20) & (set->size - 1);
    while (set->slot[at] && set->slot[at] != print)
        at = (at + 1) & (set->size - 1);
    set->count += !set->slot[at];
    set->slot[at] = print;
}

/* The number of different fingerprints, or of those seen when the time is up. */
static uint64_t count_prints(const crease_affine_classes *classes, uint64_t regions)
{
    prints set = {.size = 1024};
    while (set.size < 2 * regions)
        set.size *= 2;
    set.slot = crease_alloc(set.size, sizeof *set.slot);
    double end = crease_clock_seconds() + finish_seconds;
    for (size_t c = 0; c < CHUNKS; c++) {
        node *chunk = atomic_load(&classes->chunk[c]);
        for (size_t i = 0; chunk && i < room_of(c) && set.count < regions; i++) {
            uint64_t print = atomic_load_explicit(&chunk[i].print, memory_order_relaxed);
            if (print)
                insert_print(&set, print);
            if (i % 4096 == 0 && crease_clock_seconds() > end)
                break;
        }
    }
    free(set.slot);
    return set.count;
}

static uint64_t memory_of(const crease_affine_classes *classes)
{
    uint64_t bytes = sizeof *classes;
    for (size_t c = 0; c < CHUNKS; c++)
        if (atomic_load(&classes->chunk[c]))
            bytes += room_of(c) * sizeof(node);
    return bytes;
}

void crease_affine_classes_finish(crease_affine_classes *classes, crease_visited *visited,
                                  crease_outcome *outcome)
{
    if (!classes)
        return;
    if (!outcome->unfinished) {
        outcome->open_connected = outcome->regions.word[0] - atomic_load(&classes->unions);
        if (classes->task->definition == CREASE_DEFINITION_AFFINE)
            outcome->affine = count_maps(classes, visited, &outcome->tally, &outcome->unfinished);
    }
    if (outcome->unfinished)
        outcome->affine = count_prints(classes, outcome->regions.word[0]);
    outcome->store_bytes += memory_of(classes);
}
