#include "mpi/message.h"

#include "base/memory.h"
#include "base/status.h"

#include <limits.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

/* Words in front of the paths: rays, eight sums, the bits of closed, the number of paths. */
enum { HEAD = 11 };

static size_t words_of(const crease_state *state)
{
    size_t words = HEAD;
    for (size_t i = 0; i < state->open.count; i++)
        words += 1 + 2 * state->open.stack[i].steps;
    return words;
}

static void pack(const crease_state *state, uint64_t *word)
{
    const crease_tally *t = &state->tally;
    const uint64_t head[HEAD - 2] = {state->rays, state->regions, state->cells, t->filter, t->exact,
                                     t->lp,       t->pool,        t->rays,      t->refined};
    memcpy(word, head, sizeof head);
    memcpy(word + HEAD - 2, &state->closed, sizeof state->closed);
    word[HEAD - 1] = state->open.count;
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

static void unpack(const uint64_t *word, crease_state *state)
{
    memset(state, 0, sizeof *state);
    state->rays = word[0];
    state->regions = word[1];
    state->cells = word[2];
    state->tally = (crease_tally){.filter = word[3],
                                  .exact = word[4],
                                  .lp = word[5],
                                  .pool = word[6],
                                  .rays = word[7],
                                  .refined = word[8]};
    memcpy(&state->closed, word + HEAD - 2, sizeof state->closed);
    size_t count = (size_t)word[HEAD - 1];
    word += HEAD;
    for (size_t i = 0; i < count; i++) {
        size_t steps = (size_t)*word++;
        crease_step *path = crease_alloc(steps, sizeof *path);
        for (size_t k = 0; k < steps; k++, word += 2)
            path[k] =
                (crease_step){(uint32_t)word[0], (uint32_t)(word[1] >> 32), (uint32_t)word[1]};
        crease_stacks_add(&state->open, path, steps);
        free(path);
    }
}

void crease_message_send(const crease_state *state, int rank, int tag)
{
    size_t words = words_of(state);
    if (words > INT_MAX)
        crease_fatal("a state is too long for a message");
    uint64_t *word = crease_alloc(words, sizeof *word);
    pack(state, word);
    MPI_Send(word, (int)words, MPI_UINT64_T, rank, tag, MPI_COMM_WORLD);
    free(word);
}

void crease_message_receive(crease_state *state, int rank, int tag)
{
    MPI_Status status;
    int words;
    MPI_Probe(rank, tag, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_UINT64_T, &words);
    uint64_t *word = crease_alloc((size_t)words, sizeof *word);
    MPI_Recv(word, words, MPI_UINT64_T, rank, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    unpack(word, state);
    free(word);
}
