#include "api/run_search.h"

#include "base/rounding.h"
#include "base/status.h"

#include <pthread.h>

typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    crease_options options;
    crease_tape *tape;
    const crease_keeper *keeper;
    crease_result *result;
    crease_error *error;
    crease_status status;
} call;

static void *answer(void *context)
{
    call *c = context;
    c->status = crease_search_here(c->network, c->domain, &c->options, c->tape, c->keeper,
                                   c->result, c->error);
    return NULL;
}

/* GLPK keeps problems and hooks per thread, and after a fault it must drop all of them.  So it must
 * not run on threads of the host program or on its OpenMP workers.  A new thread has its own
 * workers. */
static void answer_apart(call *c)
{
    pthread_t thread;
    /* Of the host's thread; another one may be offered more. */
    c->options.threads = crease_search_threads(&c->options);
    int failure = pthread_create(&thread, NULL, answer, c);
    if (failure)
        c->status =
            crease_fail(c->error, CREASE_INPUT, "threads: cannot start one: error %d", failure);
    else
        pthread_join(thread, NULL);
}

crease_status crease_search(const crease_network *network, const crease_domain *domain,
                            const crease_options *options, crease_tape *tape,
                            const crease_keeper *keeper, crease_result *result, crease_error *error)
{
    call c = {network, domain, {0}, tape, keeper, result, error, CREASE_OK};
    crease_rounding mode;
    crease_options_default(&c.options);
    if (options)
        c.options = *options;
    crease_rounding_enter(&mode);
    if (!crease_rounding_holds())
        c.status =
            crease_fail(error, CREASE_INPUT, "this machine does not round doubles to the nearest");
    else if (crease_search_asks_glpk(network, domain, &c.options))
        answer_apart(&c);
    else
        answer(&c);
    crease_rounding_leave(&mode);
    return c.status;
}
