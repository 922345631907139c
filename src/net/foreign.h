/* Files of other programs that are not networks for crease, recognised by their content. */
#ifndef CREASE_NET_FOREIGN_H
#define CREASE_NET_FOREIGN_H

#include <stddef.h>

/* What the file is and how to get a network from it, to be appended to the file's name in a
 * message; NULL if the kind of file is not known.  data is followed by a zero byte. */
const char *crease_foreign_words(const char *data, size_t length);

#endif
