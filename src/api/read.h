/* Reading a network of any format. */
#ifndef CREASE_API_READ_H
#define CREASE_API_READ_H

#include "net/source.h"

/* Chooses the reader by the extension of the name, or else by the content.  Refuses options that
 * the format does not use.  *network as in net/source.h. */
crease_status crease_source_read(const crease_source *source, crease_network **network);

#endif
