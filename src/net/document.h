/* JSON documents.  crease_weights sets the value of a number without quotes. */
#ifndef CREASE_NET_DOCUMENT_H
#define CREASE_NET_DOCUMENT_H

#include "net/literal.h"

#include <jansson.h>

typedef struct {
    json_t *root;
    crease_weights weights; /* not AUTO */
    /* Unless weights is FLOAT64, each number in root is the index of a literal. */
    crease_literals literals;
} crease_document;

/* json_loadb and json_decref, with stack space for as much nesting as jansson allows.  The caller
 * releases the parsed value; release ignores NULL. */
json_t *crease_document_parse(const char *text, size_t length, size_t flags, json_error_t *problem);
void crease_document_release(json_t *root);

/* Parses the text, which is followed by a zero byte.  A text with a zero byte in it is refused, and
 * so is an object with a key twice.  Weights AUTO means FLOAT64.  name: of the file, for messages.
 * The caller gives the document to crease_document_free in any case. */
crease_status crease_document_load(crease_document *document, const char *text, size_t length,
                                   crease_weights weights, const char *name, crease_error *error);
void crease_document_free(crease_document *document);

/* Sets out to value, a number without quotes that is part of the document; MALFORMED if value is
 * anything else. */
crease_literal crease_document_number(const crease_document *document, const json_t *value,
                                      mpq_t out);

#endif
