/* A sequence of bytes that several workers write at the same time.  A sink receives it in order.
 *
 * The sequence is a list of segments.  Each worker appends to a segment of its own, and inserts new
 * segments after it for the work of others.  The bytes of the first segment go to the sink at once.
 * Those of later segments wait in memory, or, if they are many, in temporary files. */
#ifndef CREASE_PROOF_TAPE_H
#define CREASE_PROOF_TAPE_H

#include "base/whole.h"

/* Receives the next bytes of the sequence.  False if they could not be written.  Called by any
 * thread, by one at a time. */
typedef bool (*crease_tape_sink)(void *context, const uint8_t *byte, size_t count);

typedef struct crease_tape crease_tape;
typedef struct crease_segment crease_segment;

/* A tape of one empty segment.  version: of the certificate, which is what nodes are written
 * for. */
crease_tape *crease_tape_new(crease_tape_sink sink, void *context, unsigned version);
unsigned crease_tape_version(const crease_tape *tape);
void crease_tape_free(crease_tape *tape);

crease_segment *crease_tape_first(crease_tape *tape);

/* A new empty segment directly after the given one. */
crease_segment *crease_tape_insert(crease_tape *tape, crease_segment *before);

/* For the owner of the segment only.  After close it must not be used. */
void crease_tape_append(crease_tape *tape, crease_segment *segment, const uint8_t *byte,
                        size_t count);
void crease_tape_close(crease_tape *tape, crease_segment *segment);

/* Adds to the number of regions that the certificate on this tape proves.  Any thread. */
void crease_tape_show(crease_tape *tape, const crease_whole *regions);
crease_whole crease_tape_shown(crease_tape *tape);

/* Makes the tape fail; what is appended later is lost.  reason: a constant string.  Any thread. */
void crease_tape_refuse(crease_tape *tape, const char *reason);

/* Has the tape failed, or was a byte not written?  Any thread. */
bool crease_tape_failed(const crease_tape *tape);

/* The reason given to crease_tape_refuse, or NULL. */
const char *crease_tape_reason(const crease_tape *tape);

#endif
