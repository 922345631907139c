#include "split/images.h"

#include "base/limits.h"
#include "base/lock.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 14, MOST_BYTES = CREASE_LIMIT_IMAGES };

typedef struct entry {
    struct entry *next;
    uint64_t hash;
    uint8_t *key;
    size_t bytes;
    crease_whole regions;
    uint64_t cells;
} entry;

/* Chains by the lowest bits of the hash, of images and of prints. */
struct crease_images {
    crease_lock lock;
    size_t bytes;
    entry *image[SLOTS], *print[SLOTS];
};

crease_images *crease_images_new(void)
{
    return crease_alloc(1, sizeof(crease_images));
}

static void free_chain(entry *e)
{
    while (e) {
        entry *next = e->next;
        free(e->key);
        free(e);
        e = next;
    }
}

static void clear(crease_images *images)
{
    for (size_t i = 0; i < SLOTS && images->bytes; i++) {
        free_chain(images->image[i]);
        free_chain(images->print[i]);
        images->image[i] = images->print[i] = NULL;
    }
    images->bytes = 0;
}

void crease_images_free(crease_images *images)
{
    if (images)
        clear(images);
    free(images);
}

/* FNV-1a over words, stirred. */
static uint64_t hash_of(const uint8_t *key, size_t bytes)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < bytes; i += sizeof hash) {
        uint64_t word = 0;
        memcpy(&word, key + i, bytes - i < sizeof word ? bytes - i : sizeof word);
        hash = (hash ^ word) * 0x100000001b3u;
        hash ^= hash >> 29;
    }
    return hash >> (64 - CREASE_LIMIT_HASH_BITS);
}

bool crease_images_propose(crease_images *images, uint64_t print)
{
    crease_lock_take(&images->lock);
    const entry *e = images->print[print % SLOTS];
    while (e && e->hash != print)
        e = e->next;
    crease_lock_release(&images->lock);
    return e != NULL;
}

/* Under the lock. */
static entry *find(const crease_images *images, uint64_t hash, const uint8_t *key, size_t bytes)
{
    entry *e = images->image[hash % SLOTS];
    while (e && (e->hash != hash || e->bytes != bytes || memcmp(e->key, key, bytes)))
        e = e->next;
    return e;
}

bool crease_images_find(crease_images *images, const uint8_t *key, size_t bytes,
                        crease_whole *regions, uint64_t *cells)
{
    uint64_t hash = hash_of(key, bytes);
    crease_lock_take(&images->lock);
    entry *e = find(images, hash, key, bytes);
    if (e) {
        *regions = e->regions;
        *cells = ++e->cells;
    }
    crease_lock_release(&images->lock);
    return e != NULL;
}

/* Under the lock: adds the entry to a chain. */
static void put(crease_images *images, entry **chain, entry *e)
{
    e->next = *chain;
    *chain = e;
    images->bytes += sizeof *e + e->bytes;
}

void crease_images_put(crease_images *images, uint8_t *key, size_t bytes, uint64_t print,
                       const crease_whole *regions)
{
    entry *e = crease_alloc(1, sizeof *e), *p = print ? crease_alloc(1, sizeof *p) : NULL;
    *e = (entry){NULL, hash_of(key, bytes), key, bytes, *regions, 1};
    crease_lock_take(&images->lock);
    if (images->bytes > MOST_BYTES)
        clear(images);
    if (find(images, e->hash, key, bytes)) { /* another thread was first */
        free_chain(e);
    } else {
        put(images, &images->image[e->hash % SLOTS], e);
    }
    if (p) {
        p->hash = print;
        put(images, &images->print[print % SLOTS], p);
    }
    crease_lock_release(&images->lock);
}
