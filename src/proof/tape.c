#include "proof/tape.h"

#include "base/limits.h"
#include "base/memory.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A full buffer is handed on; a segment that waits keeps so much in memory. */
enum { FULL = CREASE_LIMIT_TAPE, IN_MEMORY = CREASE_LIMIT_TAPE_WAITING };

struct crease_segment {
    crease_segment *next;
    uint8_t *byte;
    size_t count, room;
    FILE *spill; /* what came before the buffer, if it waits in a file */
    bool closed;
};

struct crease_tape {
    pthread_mutex_t mutex; /* the list, closed, and the sink */
    crease_segment *head;
    crease_tape_sink sink;
    void *context;
    unsigned version;
    crease_whole shown; /* under the mutex */
    atomic_bool failed;
    _Atomic(const char *) reason;
};

crease_tape *crease_tape_new(crease_tape_sink sink, void *context, unsigned version)
{
    crease_tape *tape = crease_alloc(1, sizeof *tape);
    pthread_mutex_init(&tape->mutex, NULL);
    tape->head = crease_alloc(1, sizeof *tape->head);
    tape->sink = sink;
    tape->context = context;
    tape->version = version;
    return tape;
}

unsigned crease_tape_version(const crease_tape *tape)
{
    return tape->version;
}

static void drop_segment(crease_segment *segment)
{
    if (segment->spill)
        fclose(segment->spill);
    free(segment->byte);
    free(segment);
}

void crease_tape_free(crease_tape *tape)
{
    if (!tape)
        return;
    while (tape->head) {
        crease_segment *next = tape->head->next;
        drop_segment(tape->head);
        tape->head = next;
    }
    pthread_mutex_destroy(&tape->mutex);
    free(tape);
}

crease_segment *crease_tape_first(crease_tape *tape)
{
    return tape->head;
}

crease_segment *crease_tape_insert(crease_tape *tape, crease_segment *before)
{
    crease_segment *segment = crease_alloc(1, sizeof *segment);
    pthread_mutex_lock(&tape->mutex);
    segment->next = before->next;
    before->next = segment;
    pthread_mutex_unlock(&tape->mutex);
    return segment;
}

static void fail(crease_tape *tape)
{
    atomic_store_explicit(&tape->failed, true, memory_order_relaxed);
}

static void hand_on(crease_tape *tape, const uint8_t *byte, size_t count)
{
    if (count && !crease_tape_failed(tape) && !tape->sink(tape->context, byte, count))
        fail(tape);
}

/* Everything the segment holds goes to the sink; the mutex is held. */
static void drain(crease_tape *tape, crease_segment *segment)
{
    if (segment->spill) {
        uint8_t *block = crease_alloc(FULL, 1);
        size_t got;
        rewind(segment->spill);
        while ((got = fread(block, 1, FULL, segment->spill)) > 0)
            hand_on(tape, block, got);
        if (ferror(segment->spill))
            fail(tape);
        fclose(segment->spill);
        segment->spill = NULL;
        free(block);
    }
    hand_on(tape, segment->byte, segment->count);
    segment->count = 0;
}

static void spill(crease_tape *tape, crease_segment *segment)
{
    if (!segment->spill)
        segment->spill = tmpfile();
    if (!segment->spill ||
        fwrite(segment->byte, 1, segment->count, segment->spill) != segment->count)
        fail(tape);
    segment->count = 0;
}

void crease_tape_append(crease_tape *tape, crease_segment *segment, const uint8_t *byte,
                        size_t count)
{
    assert(!segment->closed);
    if (segment->count + count > segment->room) {
        segment->room = segment->room ? 2 * segment->room + count : 512 + count;
        segment->byte = crease_realloc(segment->byte, segment->room, 1);
    }
    memcpy(segment->byte + segment->count, byte, count);
    segment->count += count;
    if (segment->count < FULL || segment->count % FULL >= count)
        return;
    pthread_mutex_lock(&tape->mutex);
    if (segment == tape->head)
        drain(tape, segment);
    else if (segment->count > IN_MEMORY)
        spill(tape, segment);
    pthread_mutex_unlock(&tape->mutex);
}

void crease_tape_close(crease_tape *tape, crease_segment *segment)
{
    pthread_mutex_lock(&tape->mutex);
    segment->closed = true;
    while (tape->head && tape->head->closed) {
        crease_segment *done = tape->head;
        drain(tape, done);
        tape->head = done->next;
        drop_segment(done);
    }
    pthread_mutex_unlock(&tape->mutex);
}

void crease_tape_show(crease_tape *tape, const crease_whole *regions)
{
    pthread_mutex_lock(&tape->mutex);
    crease_whole_add(&tape->shown, regions);
    pthread_mutex_unlock(&tape->mutex);
}

crease_whole crease_tape_shown(crease_tape *tape)
{
    pthread_mutex_lock(&tape->mutex);
    const crease_whole shown = tape->shown;
    pthread_mutex_unlock(&tape->mutex);
    return shown;
}

void crease_tape_refuse(crease_tape *tape, const char *reason)
{
    atomic_store(&tape->reason, reason);
    fail(tape);
}

const char *crease_tape_reason(const crease_tape *tape)
{
    return atomic_load(&tape->reason);
}

bool crease_tape_failed(const crease_tape *tape)
{
    return atomic_load_explicit(&tape->failed, memory_order_relaxed);
}
