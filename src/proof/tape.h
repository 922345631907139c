/* A sequence of bytes that several workers write at once, handed on in order.
 *
 * The sequence is a list of segments.  A worker appends to a segment of its own, and makes
 * room for the work of others by new segments behind it.  The first segment goes straight to
 * the sink; the bytes of later ones wait, in memory or, if they are many, in temporary files. */
#ifndef CREASE_PROOF_TAPE_H
#define CREASE_PROOF_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes the next bytes of the sequence; false if they could not be kept.  Calls come one
 * at a time, from any thread. */
typedef bool (*crease_tape_sink)(void *context, const uint8_t *byte, size_t count);

typedef struct crease_tape crease_tape;
typedef struct crease_segment crease_segment;

/* A tape of one empty segment. */
crease_tape *crease_tape_new(crease_tape_sink sink, void *context);
void crease_tape_free(crease_tape *tape);

crease_segment *crease_tape_first(crease_tape *tape);

/* A new empty segment right behind the given one. */
crease_segment *crease_tape_insert(crease_tape *tape, crease_segment *before);

/* Only the segment's owner may append and close; it must not be used after that. */
void crease_tape_append(crease_tape *tape, crease_segment *segment, const uint8_t *byte,
                        size_t count);
void crease_tape_close(crease_tape *tape, crease_segment *segment);

/* Adds to the number of regions that the bytes show, a certificate being what they are.  Any thread. */
void crease_tape_show(crease_tape *tape, uint64_t regions);
uint64_t crease_tape_shown(const crease_tape *tape);

/* The tape fails, for that reason, which lives on; what is appended is lost.  Any thread. */
void crease_tape_refuse(crease_tape *tape, const char *reason);

/* Could some byte not be kept?  Any thread. */
bool crease_tape_failed(const crease_tape *tape);

/* The reason given to crease_tape_refuse, or NULL. */
const char *crease_tape_reason(const crease_tape *tape);

#endif
