#include "split/classes.h"

#include "base/lock.h"
#include "base/memory.h"
#include "base/whole.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 14 };

/* Some cells of a searched cell, in a class below. */
typedef struct {
    crease_class *below;
    uint64_t cells;
} edge;

struct crease_class {
    crease_class *next, *beside; /* in its slot; at its border */
    uint8_t *key;
    size_t bytes, border;
    edge *edge;
    size_t edges, room;
    crease_class *above; /* where the last cell was, and its edge there */
    size_t at;
    uint64_t counted;     /* cells one by one */
    crease_whole regions; /* of the cells that were searched, at no border below */
    mpz_t size;
};

struct crease_classes {
    bool every;
    _Atomic bool failed;
    crease_lock lock;
    crease_class *slot[SLOTS];
    crease_class root;
    crease_class **first; /* by border */
    size_t borders;
    bool summed;
};

crease_classes *crease_classes_new(bool every)
{
    crease_classes *classes = crease_alloc(1, sizeof *classes);
    classes->every = every;
    mpz_init(classes->root.size);
    return classes;
}

void crease_classes_free(crease_classes *classes)
{
    if (!classes)
        return;
    for (size_t b = 0; b < classes->borders; b++)
        while (classes->first[b]) {
            crease_class *own = classes->first[b];
            classes->first[b] = own->beside;
            mpz_clear(own->size);
            free(own->key);
            free(own->edge);
            free(own);
        }
    mpz_clear(classes->root.size);
    free(classes->root.edge);
    free(classes->first);
    free(classes);
}

crease_class *crease_classes_root(crease_classes *classes)
{
    return &classes->root;
}

static size_t slot_of(const uint8_t *key, size_t bytes)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ key[i]) * 0x100000001b3u;
    return (hash ^ hash >> 32) % SLOTS;
}

/* Under the lock. */
static crease_class *find(const crease_classes *classes, const uint8_t *key, size_t bytes)
{
    crease_class *own = classes->slot[slot_of(key, bytes)];
    while (own && (own->bytes != bytes || memcmp(own->key, key, bytes)))
        own = own->next;
    return own;
}

/* Under the lock: a class with this key, which is taken over. */
static crease_class *add(crease_classes *classes, size_t border, uint8_t *key, size_t bytes)
{
    crease_class *own = crease_alloc(1, sizeof *own), **slot = &classes->slot[slot_of(key, bytes)];
    if (border >= classes->borders) {
        classes->first = crease_realloc(classes->first, border + 1, sizeof(crease_class *));
        while (classes->borders <= border)
            classes->first[classes->borders++] = NULL;
    }
    *own = (crease_class){.next = *slot,
                          .beside = classes->first[border],
                          .key = key,
                          .bytes = bytes,
                          .border = border};
    mpz_init(own->size);
    *slot = classes->first[border] = own;
    return own;
}

/* Under the lock: one more cell of a cell of `above` is in the class.  Most cells come one after
 * the other from the same one above; where they do not, there are several edges. */
static void join(crease_class *above, crease_class *below)
{
    if (below->above != above) {
        if (above->edges == above->room) {
            above->room = 2 * above->room + 4;
            above->edge = crease_realloc(above->edge, above->room, sizeof *above->edge);
        }
        below->above = above;
        below->at = above->edges;
        above->edge[above->edges++] = (edge){below, 0};
    }
    above->edge[below->at].cells++;
}

crease_class *crease_classes_enter(crease_classes *classes, crease_class *above, size_t border,
                                   uint8_t *key, size_t bytes, bool fresh, bool *search)
{
    crease_lock_take(&classes->lock);
    crease_class *own = find(classes, key, bytes);
    *search = !fresh || classes->every || !own;
    if (own)
        free(key);
    else
        own = add(classes, border, key, bytes);
    if (fresh && classes->every)
        own->counted++;
    else if (fresh)
        join(above, own);
    crease_lock_release(&classes->lock);
    return own;
}

void crease_classes_count(crease_classes *classes, crease_class *own, uint64_t regions)
{
    crease_lock_take(&classes->lock);
    crease_whole_add_word(&own->regions, regions); /* of one cell: no overflow */
    crease_lock_release(&classes->lock);
}

void crease_classes_fail(crease_classes *classes)
{
    atomic_store(&classes->failed, true);
}

bool crease_classes_failed(const crease_classes *classes)
{
    return atomic_load(&classes->failed);
}

static void pass_on(crease_class *own)
{
    for (size_t i = 0; i < own->edges; i++)
        mpz_addmul_ui(own->edge[i].below->size, own->size, own->edge[i].cells);
}

/* The size of every class, border after border. */
static void sum(crease_classes *classes)
{
    if (classes->summed)
        return;
    classes->summed = true;
    mpz_set_ui(classes->root.size, 1);
    pass_on(&classes->root);
    for (size_t b = 0; b < classes->borders; b++)
        for (crease_class *own = classes->first[b]; own; own = own->beside) {
            mpz_add_ui(own->size, own->size, own->counted);
            pass_on(own);
        }
}

static int ascending(const void *a, const void *b)
{
    return mpz_cmp(*(const mpz_t *)a, *(const mpz_t *)b);
}

mpz_t *crease_classes_sizes(crease_classes *classes, size_t border, size_t *count)
{
    *count = 0;
    sum(classes);
    crease_class *first = border < classes->borders ? classes->first[border] : NULL;
    for (const crease_class *own = first; own; own = own->beside)
        ++*count;
    mpz_t *size = crease_alloc(*count, sizeof *size);
    size_t i = 0;
    for (const crease_class *own = first; own; own = own->beside)
        mpz_init_set(size[i++], own->size);
    qsort(size, *count, sizeof *size, ascending);
    return size;
}

/* Adds the regions of a class: its cells have as many as the one that was searched; if every cell
 * was, they were added up. */
static void add_regions(const crease_classes *classes, const crease_class *own, mpz_t sum)
{
    mpz_t part;
    mpz_init(part);
    mpz_import(part, CREASE_WHOLE_WORDS, -1, sizeof own->regions.word[0], 0, 0, own->regions.word);
    if (!classes->every)
        mpz_mul(part, part, own->size);
    mpz_add(sum, sum, part);
    mpz_clear(part);
}

void crease_classes_regions(crease_classes *classes, mpz_t regions)
{
    sum(classes);
    add_regions(classes, &classes->root, regions);
    for (size_t b = 0; b < classes->borders; b++)
        for (const crease_class *own = classes->first[b]; own; own = own->beside)
            add_regions(classes, own, regions);
}
