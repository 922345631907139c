#include "mpi/message.h"

#include "base/memory.h"
#include "base/status.h"
#include "job/packed.h"

#include <limits.h>
#include <mpi.h>
#include <stdlib.h>

void crease_message_send(const crease_state *state, int rank, int tag)
{
    size_t words = crease_packed_words(state);
    if (words > INT_MAX)
        crease_fatal("a state is too long for a message");
    uint64_t *word = crease_alloc(words, sizeof *word);
    crease_packed_write(state, word);
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
    /* Ranks are of one version, so nothing but a fault of this program or of MPI does that. */
    if (!crease_packed_read(word, (size_t)words, state))
        crease_fatal("a message from another rank is not a state");
    free(word);
}
