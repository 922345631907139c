/* Room on the stack for deep recursions. */
#ifndef CREASE_BASE_STACK_H
#define CREASE_BASE_STACK_H

#include <stddef.h>

/* Calls function(context) where that many calls, each of which may take 1536 bytes, fit into one
 * another, and returns when it does: in a thread of its own if they are many, since a thread of the
 * caller's may have any stack; if no such thread can be made, at once.  The thread has the caller's token (base/interrupt.h).  Any
 * thread. */
void crease_stack_call(size_t calls, void (*function)(void *context), void *context);

#endif
