#include "proof/trace.h"

#include "base/bits.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* So many bytes go to the tape at once. */
enum { ENOUGH = 4096 };

enum tag { SPLIT, FORCE, CROSS, SAME, LEAF, COUNT, ELSEWHERE, BRANCH, DROP, NAME, LIKE };

void crease_trace_open(crease_trace *trace, crease_tape *tape, crease_segment *segment)
{
    memset(trace, 0, sizeof *trace);
    trace->tape = tape;
    trace->segment = segment;
    trace->tag_bits = crease_tape_version(tape) == 1 ? 3 : 4;
}

static void grow(crease_trace *trace, size_t bytes)
{
    trace->room = 2 * (trace->count + bytes) + 256;
    trace->byte = crease_realloc(trace->byte, trace->room, 1);
}

static inline void reserve(crease_trace *trace, size_t bytes)
{
    if (trace->count + bytes > trace->room)
        grow(trace, bytes);
}

/* Of a number below 2^64. */
enum { MOST_BYTES = 10 };

/* Returns the place behind the number, for which there must be room. */
static inline uint8_t *put_at(uint8_t *to, uint64_t value)
{
    for (; value > 127; value >>= 7)
        *to++ = (uint8_t)(value | 128);
    *to++ = (uint8_t)value;
    return to;
}

static inline void put(crease_trace *trace, uint64_t value)
{
    reserve(trace, MOST_BYTES);
    trace->count = (size_t)(put_at(trace->byte + trace->count, value) - trace->byte);
}

static uint64_t unsigned_of(int64_t value)
{
    return value < 0 ? 2 * (uint64_t) - (value + 1) + 1 : 2 * (uint64_t)value;
}

static void put_signed(crease_trace *trace, int64_t value)
{
    put(trace, unsigned_of(value));
}

static void put_node(crease_trace *trace, enum tag tag, uint64_t k)
{
    put(trace, k << trace->tag_bits | (uint64_t)tag);
}

static void let_go(crease_trace *trace)
{
    if (trace->count)
        crease_tape_append(trace->tape, trace->segment, trace->byte, trace->count);
    trace->count = 0;
}

void crease_trace_close(crease_trace *trace)
{
    if (trace->segment)
        let_go(trace);
    crease_tape_show(trace->tape, &trace->regions);
    free(trace->byte);
}

static void end(crease_trace *trace)
{
    trace->nodes++;
    if (!trace->held && trace->count >= ENOUGH)
        let_go(trace);
}

void crease_trace_turn(crease_trace *trace, crease_segment *next)
{
    let_go(trace);
    crease_tape_close(trace->tape, trace->segment);
    trace->segment = next;
}

void crease_trace_hold(crease_trace *trace)
{
    assert(!trace->held && !trace->meets);
    trace->held = true;
}

void crease_trace_go_on(crease_trace *trace, const crease_trace *before, bool in_vain)
{
    trace->held = false;
    if (in_vain) {
        trace->count = before->count;
        trace->meets = 0;
        trace->nodes = before->nodes;
        trace->regions = before->regions;
    } else if (trace->count >= ENOUGH) {
        let_go(trace);
    }
}

/* Any sum that is too large is noticed where it is compared with the count. */
static void add_regions(crease_trace *trace, uint64_t regions)
{
    crease_whole_add_word(&trace->regions, regions);
}

/* Returns the place behind the list. */
static inline uint8_t *put_list_at(uint8_t *to, const size_t *entry, size_t count)
{
    to = put_at(to, count);
    for (size_t i = 0, next = 0; i < count; next = entry[i++] + 1) {
        assert(entry[i] >= next);
        to = put_at(to, entry[i] - next);
    }
    return to;
}

static void put_list(crease_trace *trace, const size_t *entry, size_t count)
{
    reserve(trace, (count + 1) * MOST_BYTES);
    uint8_t *to = put_list_at(trace->byte + trace->count, entry, count);
    trace->count = (size_t)(to - trace->byte);
}

bool crease_trace_list_bytes(const size_t *number, size_t count, uint8_t *byte, size_t room,
                             size_t *bytes)
{
    /* No number of the list takes more than the last of them. */
    size_t most = 1;
    for (size_t last = count ? number[count - 1] : 0; last > 127; last >>= 7)
        most++;
    if (count > 127 || 1 + count * most > room)
        return false;
    *bytes = (size_t)(put_list_at(byte, number, count) - byte);
    return true;
}

void crease_trace_inputs(crease_trace *trace, const size_t *input, size_t count)
{
    put_list(trace, input, count);
    end(trace);
}

void crease_trace_split(crease_trace *trace, size_t unit)
{
    put_node(trace, SPLIT, unit);
    end(trace);
}

void crease_trace_branch(crease_trace *trace, size_t unit, size_t candidates)
{
    put_node(trace, BRANCH, unit);
    put(trace, candidates);
    end(trace);
}

void crease_trace_cross(crease_trace *trace, size_t unit, size_t pivot)
{
    put_node(trace, CROSS, unit);
    put(trace, pivot);
    end(trace);
}

void crease_trace_same(crease_trace *trace, size_t unit, size_t other)
{
    put_node(trace, SAME, unit);
    put(trace, other);
    end(trace);
}

void crease_trace_count(crease_trace *trace, uint64_t regions)
{
    add_regions(trace, regions);
    put_node(trace, COUNT, 0);
    end(trace);
}

void crease_trace_elsewhere(crease_trace *trace, size_t part)
{
    put_node(trace, ELSEWHERE, part);
    end(trace);
}

void crease_trace_force(crease_trace *trace, const size_t *support, size_t supports,
                        const crease_forced *forced, size_t count)
{
    put_node(trace, trace->empty ? LEAF : FORCE, trace->empty ? 2 : count);
    put_list(trace, support, supports);
    reserve(trace, count * MOST_BYTES);
    uint8_t *to = trace->byte + trace->count;
    for (size_t i = 0, next = 0; i < count; next = forced[i++].unit + 1) {
        assert(forced[i].unit >= next);
        to = put_at(to, 2 * (forced[i].unit - next) + forced[i].positive);
    }
    trace->count = (size_t)(to - trace->byte);
    end(trace);
}

void crease_trace_force_set(crease_trace *trace, const uint8_t *list, size_t bytes, size_t first,
                            const uint64_t *units, const uint64_t *positive, size_t words)
{
    size_t count = 0, next = 0;
    for (size_t w = 0; w < words; w++)
        count += crease_bits_count(units[w]);
    reserve(trace, bytes + (count + 1) * MOST_BYTES);
    uint8_t *to = trace->byte + trace->count;
    enum tag tag = trace->empty ? LEAF : FORCE;
    to = put_at(to, (trace->empty ? 2 : count) << trace->tag_bits | tag);
    memcpy(to, list, bytes);
    to += bytes;
    for (size_t w = 0; w < words; w++, first += 64)
        for (uint64_t left = units[w]; left; left &= left - 1) {
            size_t k = (size_t)__builtin_ctzll(left);
            to = put_at(to, 2 * (first + k - next) + (positive[w] >> k & 1));
            next = first + k + 1;
        }
    trace->count = (size_t)(to - trace->byte);
    end(trace);
}

void crease_trace_drop(crease_trace *trace, size_t entry, const size_t *number, size_t count)
{
    put_node(trace, DROP, entry);
    put_list(trace, number, count);
    end(trace);
}

void crease_trace_name(crease_trace *trace, size_t number)
{
    put_node(trace, NAME, number);
    end(trace);
}

void crease_trace_like(crease_trace *trace, size_t number)
{
    put_node(trace, LIKE, number);
    trace->likeness = true;
}

void crease_trace_list(crease_trace *trace, const size_t *number, size_t count)
{
    put_list(trace, number, count);
}

void crease_trace_whole(crease_trace *trace, size_t value)
{
    put(trace, value);
}

void crease_trace_like_end(crease_trace *trace, const crease_whole *regions)
{
    crease_whole_add(&trace->regions, regions);
    trace->likeness = false;
    end(trace);
}

void crease_trace_point(crease_trace *trace, long exponent)
{
    if (!trace->likeness) {
        add_regions(trace, (uint64_t)1 << trace->meets);
        put_node(trace, LEAF, trace->meets ? 3 : 0);
        if (trace->meets)
            put_list(trace, trace->meet, trace->meets);
        trace->meets = 0;
    }
    put_signed(trace, exponent);
}

void crease_trace_meet(crease_trace *trace, const size_t *coordinate, size_t count)
{
    assert(count < 64);
    trace->meet = coordinate;
    trace->meets = count;
}

void crease_trace_numerator(crease_trace *trace, int64_t numerator)
{
    put_signed(trace, numerator);
}

void crease_trace_numerators(crease_trace *trace, const int64_t *numerator, size_t count)
{
    reserve(trace, count * MOST_BYTES);
    uint8_t *to = trace->byte + trace->count;
    for (size_t i = 0; i < count; i++)
        to = put_at(to, unsigned_of(numerator[i]));
    trace->count = (size_t)(to - trace->byte);
}

void crease_trace_big_numerator(crease_trace *trace, const mpz_t numerator)
{
    mpz_t value;
    mpz_init(value);
    mpz_mul_2exp(value, numerator, 1);
    if (mpz_sgn(value) < 0) {
        mpz_neg(value, value);
        mpz_sub_ui(value, value, 1);
    }
    reserve(trace, mpz_sizeinbase(value, 2) / 7 + 2);
    for (; mpz_cmp_ui(value, 127) > 0; mpz_fdiv_q_2exp(value, value, 7))
        trace->byte[trace->count++] = (uint8_t)(mpz_get_ui(value) | 128);
    trace->byte[trace->count++] = (uint8_t)mpz_get_ui(value);
    mpz_clear(value);
}

void crease_trace_point_end(crease_trace *trace)
{
    if (!trace->likeness)
        end(trace);
}
