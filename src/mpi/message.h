/* What ranks send one another: states (search/state.h) as sequences of 64-bit words
 * (job/packed.h). */
#ifndef CREASE_MPI_MESSAGE_H
#define CREASE_MPI_MESSAGE_H

#include "search/state.h"

/* CREASE_TAG_TASK: a state to go on from, master to rank.  CREASE_TAG_DONE: the sums of the task
 * and what it leaves open, rank to master.  CREASE_TAG_YIELD: return the task after a short time;
 * CREASE_TAG_STOP: at once; CREASE_TAG_QUIT: the count is over.  These three are empty. */
enum { CREASE_TAG_TASK = 1, CREASE_TAG_DONE, CREASE_TAG_YIELD, CREASE_TAG_STOP, CREASE_TAG_QUIT };

void crease_message_send(const crease_state *state, int rank, int tag);

/* Receives the state that is waiting from the rank; state->open is the caller's to clear.  A
 * message that is no state ends the program. */
void crease_message_receive(crease_state *state, int rank, int tag);

#endif
