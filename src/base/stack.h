/* Stack space for deep recursions. */
#ifndef CREASE_BASE_STACK_H
#define CREASE_BASE_STACK_H

#include <stddef.h>

/* Runs function(context) with stack space for `calls` nested calls of up to 1536 bytes each, and
 * returns when it is done.  If they are many, it runs in a thread of its own, which has the
 * caller's token (base/interrupt.h).  If no such thread can be made, it runs on the caller's stack.
 * Any thread. */
void crease_stack_call(size_t calls, void (*function)(void *context), void *context);

#endif
