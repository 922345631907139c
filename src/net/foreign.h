/* Files that are no network for crease, known by their content. */
#ifndef CREASE_NET_FOREIGN_H
#define CREASE_NET_FOREIGN_H

#include <stddef.h>

/* What the file is, and how to get a network from it, for a message behind the file's name; NULL
 * if it is nothing that is known here.  data is followed by a zero byte. */
const char *crease_foreign_words(const char *data, size_t length);

#endif
