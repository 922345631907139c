#include "walk/visited.h"

#include "base/limits.h"
#include "base/lock.h"
#include "base/memory.h"
#include "base/status.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SHARD_BITS = CREASE_LIMIT_SHARD_BITS, SHARDS = 1 << SHARD_BITS, FIRST_CHUNK = 16 };

typedef struct {
    crease_lock lock;
    uint32_t *slot; /* index + 1 of a pattern, 0 if free */
    size_t slots;
    uint8_t **chunk; /* patterns, behind them a bit for each: is it done? */
    size_t chunks;
    uint32_t count;
} shard;

struct crease_visited {
    size_t bytes;
    _Atomic uint64_t count;
    shard shard[SHARDS];
};

crease_visited *crease_visited_new(size_t bytes)
{
    crease_visited *set = crease_alloc(1, sizeof *set);
    set->bytes = bytes;
    return set;
}

void crease_visited_free(crease_visited *set)
{
    if (!set)
        return;
    for (size_t s = 0; s < SHARDS; s++) {
        for (size_t c = 0; c < set->shard[s].chunks; c++)
            free(set->shard[s].chunk[c]);
        free(set->shard[s].chunk);
        free(set->shard[s].slot);
    }
    free(set);
}

static uint64_t hash(const uint8_t *pattern, size_t bytes)
{
    uint64_t h = 0x243f6a8885a308d3u ^ bytes;
    for (size_t i = 0; i < bytes; i += 8) {
        uint64_t word = 0;
        memcpy(&word, pattern + i, bytes - i < 8 ? bytes - i : 8);
        h = (h ^ word) * 0x9fb21c651e98df25u;
        h ^= h >> 32;
    }
    h *= 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}

/* Chunk c holds 2^c FIRST_CHUNK patterns: no more than half of the room is ever free. */
static size_t room_below(size_t c)
{
    return (size_t)FIRST_CHUNK * (((size_t)1 << c) - 1);
}

static size_t chunk_of(uint32_t index)
{
    return 63 - (size_t)__builtin_clzll((uint64_t)index / FIRST_CHUNK + 1);
}

static uint8_t *pattern_at(const crease_visited *set, const shard *s, uint32_t index)
{
    size_t c = chunk_of(index);
    assert(c < s->chunks);
    return s->chunk[c] + (index - room_below(c)) * set->bytes;
}

static uint8_t *done_bits(const crease_visited *set, const shard *s, size_t c)
{
    return s->chunk[c] + ((size_t)FIRST_CHUNK << c) * set->bytes;
}

/* The slot that holds the pattern, or the free slot where it belongs. */
static size_t find_slot(const crease_visited *set, const shard *s, const uint8_t *pattern,
                        uint64_t h)
{
    size_t i = (size_t)((h >> SHARD_BITS) % s->slots);
    while (s->slot[i] && memcmp(pattern_at(set, s, s->slot[i] - 1), pattern, set->bytes))
        i = i + 1 == s->slots ? 0 : i + 1;
    return i;
}

static void grow_slots(crease_visited *set, shard *s)
{
    if ((uint64_t)(s->count + 1) * 5 <= (uint64_t)s->slots * 4)
        return;
    if (s->count >= UINT32_MAX - 2)
        crease_fatal("more than 2^38 regions: the visited set is full");
    free(s->slot);
    s->slots = s->slots ? s->slots * 3 / 2 : 16;
    s->slot = crease_alloc(s->slots, sizeof *s->slot);
    for (uint32_t k = 0; k < s->count; k++) {
        const uint8_t *pattern = pattern_at(set, s, k);
        s->slot[find_slot(set, s, pattern, hash(pattern, set->bytes))] = k + 1;
    }
}

static void grow_chunks(crease_visited *set, shard *s)
{
    if (s->count < room_below(s->chunks))
        return;
    s->chunk = crease_realloc(s->chunk, s->chunks + 1, sizeof *s->chunk);
    s->chunk[s->chunks] =
        crease_alloc(((size_t)FIRST_CHUNK << s->chunks) * set->bytes + ((size_t)2 << s->chunks), 1);
    s->chunks++;
}

static uint64_t handle_of(uint32_t slot, uint64_t h)
{
    return (uint64_t)(slot - 1) << SHARD_BITS | h % SHARDS;
}

bool crease_visited_insert(crease_visited *set, const uint8_t *pattern, uint64_t *handle)
{
    uint64_t h = hash(pattern, set->bytes);
    shard *s = &set->shard[h % SHARDS];
    bool added = false;
    crease_lock_take(&s->lock);
    grow_slots(set, s);
    size_t i = find_slot(set, s, pattern, h);
    if (!s->slot[i]) {
        grow_chunks(set, s);
        memcpy(pattern_at(set, s, s->count), pattern, set->bytes);
        s->slot[i] = ++s->count;
        added = true;
    }
    *handle = handle_of(s->slot[i], h);
    crease_lock_release(&s->lock);
    if (added)
        atomic_fetch_add_explicit(&set->count, 1, memory_order_relaxed);
    return added;
}

bool crease_visited_find(crease_visited *set, const uint8_t *pattern, uint64_t *handle)
{
    uint64_t h = hash(pattern, set->bytes);
    shard *s = &set->shard[h % SHARDS];
    crease_lock_take(&s->lock);
    uint32_t slot = s->slots ? s->slot[find_slot(set, s, pattern, h)] : 0;
    crease_lock_release(&s->lock);
    if (slot)
        *handle = handle_of(slot, h);
    return slot;
}

void crease_visited_get(crease_visited *set, uint64_t handle, uint8_t *pattern)
{
    shard *s = &set->shard[handle % SHARDS];
    crease_lock_take(&s->lock);
    memcpy(pattern, pattern_at(set, s, (uint32_t)(handle >> SHARD_BITS)), set->bytes);
    crease_lock_release(&s->lock);
}

void crease_visited_finish(crease_visited *set, uint64_t handle)
{
    shard *s = &set->shard[handle % SHARDS];
    uint32_t index = (uint32_t)(handle >> SHARD_BITS);
    size_t c = chunk_of(index), bit = index - room_below(c);
    crease_lock_take(&s->lock);
    assert(index < s->count);
    done_bits(set, s, c)[bit / 8] |= (uint8_t)(1 << bit % 8);
    crease_lock_release(&s->lock);
}

/* The bits of a shard: chunk after chunk, whole bytes. */
static size_t copy_done(const crease_visited *set, const shard *s, uint8_t *out)
{
    size_t bytes = 0;
    for (size_t c = 0; c < s->chunks; c++) {
        memcpy(out + bytes, done_bits(set, s, c), (size_t)2 << c);
        bytes += (size_t)2 << c;
    }
    return bytes;
}

/* The bits of what is done, in shard order: known[k] of them from shard k. */
static uint8_t *all_done(crease_visited *set, size_t *known)
{
    uint8_t *done = NULL;
    size_t bytes = 0;
    for (size_t k = 0; k < SHARDS; k++) {
        shard *s = &set->shard[k];
        crease_lock_take(&s->lock);
        known[k] = room_below(s->chunks);
        done = crease_realloc(done, bytes + known[k] / 8, 1);
        bytes += copy_done(set, s, done + bytes);
        crease_lock_release(&s->lock);
    }
    return done;
}

/* Copies the marks of all shards first and the patterns afterwards, so that the neighbours of every
 * marked pattern are among the patterns. */
crease_patterns crease_visited_cut(crease_visited *set)
{
    crease_patterns cut = {.bytes = set->bytes};
    size_t known[SHARDS], count[SHARDS];
    uint8_t *done = all_done(set, known);
    crease_run *run = NULL;
    for (size_t k = 0; k < SHARDS; k++) {
        shard *s = &set->shard[k];
        crease_lock_take(&s->lock);
        run = crease_realloc(run, cut.runs + s->chunks, sizeof *run);
        count[k] = s->count;
        for (size_t c = 0, left = s->count; left; c++) {
            size_t room = (size_t)FIRST_CHUNK << c, here = left < room ? left : room;
            run[cut.runs++] = (crease_run){s->chunk[c], here};
            left -= here;
        }
        crease_lock_release(&s->lock);
        cut.count += count[k];
    }
    uint8_t *bits = crease_alloc((size_t)(cut.count + 7) / 8, 1);
    const uint8_t *from = done;
    for (size_t k = 0, at = 0; k < SHARDS; from += known[k++] / 8)
        for (size_t i = 0; i < count[k]; i++, at++)
            if (i < known[k] && from[i / 8] >> i % 8 & 1)
                bits[at / 8] |= (uint8_t)(1 << at % 8);
    free(done);
    cut.done = bits;
    cut.run = run;
    return cut;
}

void crease_visited_cut_free(crease_patterns *cut)
{
    free((void *)cut->run);
    free((void *)cut->done);
    memset(cut, 0, sizeof *cut);
}

void crease_visited_all(const crease_visited *set, uint8_t *out)
{
    for (size_t k = 0; k < SHARDS; k++)
        for (uint32_t i = 0; i < set->shard[k].count; i++, out += set->bytes)
            memcpy(out, pattern_at(set, &set->shard[k], i), set->bytes);
}

uint64_t crease_visited_count(const crease_visited *set)
{
    return atomic_load_explicit(&set->count, memory_order_relaxed);
}

uint64_t crease_visited_memory(crease_visited *set)
{
    uint64_t bytes = sizeof *set;
    for (size_t k = 0; k < SHARDS; k++) {
        shard *s = &set->shard[k];
        crease_lock_take(&s->lock);
        bytes += s->slots * sizeof *s->slot + s->chunks * sizeof *s->chunk +
                 room_below(s->chunks) * set->bytes + room_below(s->chunks) / 8;
        crease_lock_release(&s->lock);
    }
    return bytes;
}
