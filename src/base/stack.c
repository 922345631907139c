#include "base/stack.h"

#include "base/interrupt.h"
#include "base/status.h"

#include <pthread.h>
#include <stdbool.h>

enum { EACH = 1536, FEW = 128, BESIDE = 1 << 20 };

typedef struct {
    void (*function)(void *context);
    void *context;
    crease_interrupt *token;
} call;

static void *run(void *context)
{
    const call *own = context;
    crease_interrupt_token = own->token;
    own->function(own->context);
    return NULL;
}

void crease_stack_call(size_t calls, void (*function)(void *context), void *context)
{
    call own = {function, context, crease_interrupt_token};
    pthread_attr_t attributes;
    pthread_t thread;
    bool made = false;
    if (calls > FEW && !pthread_attr_init(&attributes)) {
        made = !pthread_attr_setstacksize(&attributes, BESIDE + calls * EACH) &&
               !pthread_create(&thread, &attributes, run, &own);
        pthread_attr_destroy(&attributes);
    }
    if (!made)
        function(context);
    else if (pthread_join(thread, NULL))
        crease_fatal("a thread for a deep recursion cannot be joined");
}
