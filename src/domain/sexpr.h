/* S-expressions, the syntax of SMT-LIB and VNN-LIB. */
#ifndef CREASE_DOMAIN_SEXPR_H
#define CREASE_DOMAIN_SEXPR_H

#include <crease.h>

/* An atom or a list. */
typedef struct crease_sexpr {
    const char *text; /* of an atom, within the text that was parsed; NULL for a list */
    size_t length;
    int line;
    struct crease_sexpr *child, *next;
} crease_sexpr;

/* Parses the text, a sequence of expressions; *list is NULL if there are none.  A comment runs from
 * a semicolon to the end of the line; a byte order mark may come first.  The bars of a symbol |a|
 * are not part of the atom; spaces between square brackets are: X[0, 1] is one atom.  The text must
 * live as long as the list, which the caller gives to crease_sexpr_free. */
crease_status crease_sexpr_parse(const char *text, size_t length, const char *name,
                                 crease_sexpr **list, crease_error *error);
void crease_sexpr_free(crease_sexpr *list);

/* Is it this atom? */
bool crease_sexpr_is(const crease_sexpr *e, const char *atom);

/* The length of the list that starts here. */
size_t crease_sexpr_count(const crease_sexpr *list);

#endif
