/* Places in a JSON document: what the readers of networks, domains and slices share. */
#ifndef CREASE_NET_JSON_PLACE_H
#define CREASE_NET_JSON_PLACE_H

#include "net/document.h"

typedef struct {
    const char *name; /* of the file, for messages */
    crease_error *error;
    crease_document document;
    char object[40]; /* the object that is read, "layers[3]"; empty for the outermost one */
} crease_json_place;

/* Parses the text, which is followed by a zero byte.  The outermost value must be an object with no
 * keys but these, a list that ends with NULL; a comment in it must be a string.  name and error are
 * set, the rest is zero.  The caller gives the place to crease_json_close in any case. */
crease_status crease_json_open(crease_json_place *at, const char *text, size_t length,
                               crease_weights weights, const char *const *keys);
void crease_json_close(crease_json_place *at);

/* CREASE_INPUT, with the message "NAME: OBJECT..." */
crease_status crease_json_fail(const crease_json_place *at, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Refuses keys of the object that are not in the list, which ends with NULL. */
crease_status crease_json_keys(const crease_json_place *at, json_t *object,
                               const char *const *keys);

/* Reads an exact number: without quotes as the document's weights say, or a string as in
 * net/rational.h.  what, i and j name its place in messages. */
crease_status crease_json_number(const crease_json_place *at, const json_t *value, const char *what,
                                 size_t i, size_t j, mpq_t out);

#endif
