#include "base/interrupt.h"

#include "base/shadow.h"

_Thread_local crease_interrupt *crease_interrupt_token;

void crease_interrupt_enter(crease_interrupt *token, bool (*check)(void *context, size_t bytes),
                            void *context)
{
    *token = (crease_interrupt){.check = check,
                                .context = context,
                                .pause = CREASE_INTERRUPT_PAUSE,
                                .load = CREASE_INTERRUPT_LOAD,
                                .whole = CREASE_SHADOW,
                                .outer = crease_interrupt_token};
    if (token->outer) {
        token->pause = token->outer->pause;
        token->load = token->outer->load;
    }
    crease_interrupt_token = token;
}

void crease_interrupt_leave(crease_interrupt *token)
{
    crease_interrupt_token = token->outer;
}

bool crease_interrupt_look(crease_interrupt *token, size_t bytes)
{
    token->raised = token->raised || token->check(token->context, bytes);
    token->next = crease_clock_ticks() + token->pause;
    return token->raised;
}
