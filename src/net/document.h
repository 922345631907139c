/* JSON in which a number without quotes means what crease_weights says. */
#ifndef CREASE_NET_DOCUMENT_H
#define CREASE_NET_DOCUMENT_H

#include "net/literal.h"

#include <jansson.h>

typedef struct {
    json_t *root;
    crease_weights weights; /* not AUTO */
    crease_literals
        literals; /* of other weights than binary64 the numbers in root are their indices */
} crease_document;

/* Parses the text, behind which there is a zero byte; name stands in for the file in messages.  AUTO
 * is binary64.  No zero byte is in it, and no key twice in an object.  To be given to
 * crease_document_free, whatever is returned. */
crease_status crease_document_load(crease_document *document, const char *text, size_t length,
                                   crease_weights weights, const char *name, crease_error *error);
void crease_document_free(crease_document *document);

/* A number without quotes, which is part of the document; MALFORMED if value is something else. */
crease_literal crease_document_number(const crease_document *document, const json_t *value,
                                      mpq_t out);

#endif
