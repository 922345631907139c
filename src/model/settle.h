/* The part of a network that matters in a box. */
#ifndef CREASE_MODEL_SETTLE_H
#define CREASE_MODEL_SETTLE_H

#include "domain/domain.h"
#include "net/network.h"

/* A network of the same inputs and outputs that is the same function on the box, without the
 * units that are proved to be on one piece of their activation on the whole box
 * (model/enclose.h).  The patterns correspond one to one: where z >= b on the box for a
 * breakpoint b and z is affine on a region of the layers below, z is b on all of it or nowhere
 * inside; so the state of such a unit follows from those below it.
 *
 * In place of what such units pass on, the network carries either these values or the values that
 * they are affine functions of, whichever are fewer, unless that takes too much work.
 *
 * The network is not lowered.  NULL if there is no box or no such unit, or if the thread is
 * interrupted (base/interrupt.h).  The caller owns the result. */
crease_network *crease_network_settle(const crease_network *network, const crease_domain *domain);

#endif
