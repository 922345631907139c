#include "cells/meets.h"

#include "base/interrupt.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

typedef struct {
    uint64_t *set;
    size_t count, room;
} family;

typedef struct {
    const crease_meets *meets;
    family yes, no; /* sets that meet, and that do not */
    uint64_t regions;
} run;

static size_t size_of(uint64_t set)
{
    return (size_t)__builtin_popcountll(set);
}

static void add(family *f, uint64_t set)
{
    if (f->count == f->room) {
        f->room = 2 * f->room + 64;
        f->set = crease_realloc(f->set, f->room, sizeof *f->set);
    }
    f->set[f->count++] = set;
}

/* Is it part of a set that meets? */
static bool known(const family *yes, uint64_t set)
{
    for (size_t i = yes->count; i-- > 0;)
        if (!(set & ~yes->set[i]))
            return true;
    return false;
}

/* Asks for a set, and if it does not meet, makes it smaller.  NO: no->set has one more. */
static crease_meet ask(run *r, uint64_t set)
{
    uint64_t part;
    crease_meet answer = r->meets->ask(r->meets->context, set, &part);
    if (answer == CREASE_MEET_YES)
        add(&r->yes, set);
    if (answer != CREASE_MEET_NO)
        return answer;
    for (uint64_t left = part; left;) {
        uint64_t less = part & ~(left & -left), smaller;
        left &= left - 1;
        if (known(&r->yes, less))
            continue;
        answer = r->meets->ask(r->meets->context, less, &smaller);
        if (answer == CREASE_MEET_YES)
            add(&r->yes, less);
        else if (answer == CREASE_MEET_NO)
            left &= part = smaller;
        else
            return answer;
    }
    add(&r->no, part);
    return CREASE_MEET_NO;
}

/* Takes functions out of *left that do not meet the set, which meets; returns a set that does not
 * meet, with parts of both, or 0. */
static uint64_t drop(const run *r, uint64_t set, uint64_t *left)
{
    uint64_t crossing = 0;
    for (size_t i = 0; i < r->no.count; i++) {
        uint64_t beyond = r->no.set[i] & ~set;
        if (beyond & ~*left)
            continue;
        if (beyond & (beyond - 1))
            crossing = r->no.set[i];
        else
            *left &= ~beyond;
    }
    return crossing & ~(set | *left) ? 0 : crossing;
}

/* Adds the number of sets that meet and consist of the set, which meets, and some of the others. */
static bool count(run *r, uint64_t set, uint64_t left)
{
    for (;;) {
        if (crease_interrupted_after(r->no.count + r->yes.count))
            return false;
        uint64_t crossing = drop(r, set, &left);
        uint64_t full = set | left;
        if (size_of(set) == r->meets->rank || !left || known(&r->yes, full)) {
            r->regions += size_of(set) == r->meets->rank ? 1 : (uint64_t)1 << size_of(left);
            return true;
        }
        if (!crossing && size_of(full) <= r->meets->rank) {
            if (ask(r, full) == CREASE_MEET_DOUBT)
                return false;
            continue;
        }
        uint64_t own = crossing ? crossing & left : left, unit = own & -own;
        if (!known(&r->yes, set | unit)) {
            crease_meet answer = ask(r, set | unit);
            if (answer == CREASE_MEET_DOUBT)
                return false;
            if (answer == CREASE_MEET_NO)
                continue;
        }
        left &= ~unit;
        if (!count(r, set | unit, left))
            return false;
    }
}

bool crease_meets_count(const crease_meets *meets, size_t functions, uint64_t *regions)
{
    assert(functions > 0 && functions <= CREASE_MEET_ROWS);
    run r = {.meets = meets};
    uint64_t all = ~(uint64_t)0 >> (CREASE_MEET_ROWS - functions);
    for (size_t i = 0; i < functions && meets->rank > 1; i++)
        add(&r.yes, (uint64_t)1 << i);
    bool sure = count(&r, 0, all);
    *regions = r.regions;
    free(r.yes.set);
    free(r.no.set);
    return sure && !crease_interrupt_raised();
}
