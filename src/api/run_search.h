/* A search from the outside: the floating-point mode, the thread, the choice of the engine. */
#ifndef CREASE_API_RUN_SEARCH_H
#define CREASE_API_RUN_SEARCH_H

#include "search/search.h"

/* May a search of the network use GLPK? */
bool crease_search_asks_glpk(const crease_network *network, const crease_domain *domain,
                             const crease_options *options);

/* crease_search on the calling thread and in its floating-point mode, which must be that of
 * base/rounding.h. */
crease_status crease_search_here(const crease_network *network, const crease_domain *domain,
                                 const crease_options *options, crease_tape *tape,
                                 const crease_keeper *keeper, crease_result *result,
                                 crease_error *error);

/* crease_count with a tape (or NULL), which receives the kept inputs and the nodes of a
 * certificate, and with a keeper (or NULL).  It runs in the floating-point mode that the proofs
 * need and restores the caller's mode.  If it may use GLPK, it runs on threads of its own. */
crease_status crease_search(const crease_network *network, const crease_domain *domain,
                            const crease_options *options, crease_tape *tape,
                            const crease_keeper *keeper, crease_result *result,
                            crease_error *error);

#endif
