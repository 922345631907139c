#include "job/packed.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Words in front of the paths: rays, seven sums, the bits of closed, the number of paths, the
 * regions. */
enum { SMALL = 10, HEAD = SMALL + CREASE_WHOLE_WORDS };

size_t crease_packed_words(const crease_state *state)
{
    size_t words = HEAD;
    for (size_t i = 0; i < state->open.count; i++)
        words += 1 + 2 * state->open.stack[i].steps;
    return words;
}

void crease_packed_write(const crease_state *state, uint64_t *word)
{
    const crease_tally *t = &state->tally;
    const uint64_t head[SMALL - 2] = {state->rays, state->cells, t->filter, t->exact,
                                      t->lp,       t->pool,      t->rays,   t->refined};
    memcpy(word, head, sizeof head);
    memcpy(word + SMALL - 2, &state->closed, sizeof state->closed);
    word[SMALL - 1] = state->open.count;
    memcpy(word + SMALL, state->regions.word, sizeof state->regions.word);
    word += HEAD;
    for (size_t i = 0; i < state->open.count; i++) {
        const crease_stack *stack = &state->open.stack[i];
        *word++ = stack->steps;
        for (size_t k = 0; k < stack->steps; k++) {
            *word++ = stack->step[k].unit;
            *word++ = (uint64_t)stack->step[k].branch << 32 | stack->step[k].end;
        }
    }
}

/* Reads one path, of at most *left words after its length; takes what it reads off *left. */
static bool unpack_path(const uint64_t *word, size_t *left, crease_stacks *open)
{
    if (*left < 1 || word[0] > (*left - 1) / 2)
        return false;
    size_t steps = (size_t)*word++;
    crease_step *path = crease_alloc(steps, sizeof *path);
    bool good = true;
    for (size_t k = 0; k < steps; k++, word += 2) {
        path[k] = (crease_step){(uint32_t)word[0], (uint32_t)(word[1] >> 32), (uint32_t)word[1]};
        good = good && word[0] <= UINT32_MAX;
    }
    if (good)
        crease_stacks_add(open, path, steps);
    free(path);
    *left -= 1 + 2 * steps;
    return good;
}

bool crease_packed_read(const uint64_t *word, size_t count, crease_state *state)
{
    memset(state, 0, sizeof *state);
    if (count < HEAD || word[0] > 1)
        return false;
    state->rays = word[0];
    state->cells = word[1];
    state->tally = (crease_tally){.filter = word[2],
                                  .exact = word[3],
                                  .lp = word[4],
                                  .pool = word[5],
                                  .rays = word[6],
                                  .refined = word[7]};
    memcpy(&state->closed, word + SMALL - 2, sizeof state->closed);
    memcpy(state->regions.word, word + SMALL, sizeof state->regions.word);
    size_t left = count - HEAD;
    bool good = state->closed >= 0 && state->closed < 1e300;
    for (uint64_t paths = word[SMALL - 1]; paths && good; paths--)
        good = unpack_path(word + count - left, &left, &state->open);
    if (good && !left)
        return true;
    crease_stacks_clear(&state->open);
    return false;
}
