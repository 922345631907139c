/* S-expressions: what SMT-LIB and VNN-LIB are written in. */
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

/* The sequence of expressions that the text consists of, NULL if there is none; comments go from a
 * semicolon to the end of the line, and a byte order mark may stand first.  The bars of a symbol |a|
 * are no part of the atom.  Spaces between brackets are: X[0, 1] is one atom.  The text must stay in
 * place. */
crease_status crease_sexpr_parse(const char *text, size_t length, const char *name,
                                 crease_sexpr **list, crease_error *error);
void crease_sexpr_free(crease_sexpr *list);

/* Is it this atom? */
bool crease_sexpr_is(const crease_sexpr *e, const char *atom);

/* How many expressions there are from this one on. */
size_t crease_sexpr_count(const crease_sexpr *list);

#endif
