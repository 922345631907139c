/* The network that the options name, and the parts of its input space in which to count. */
#ifndef CREASE_CLI_SCOPE_H
#define CREASE_CLI_SCOPE_H

#include "cli/options.h"

typedef struct {
    crease_network *network;   /* restricted to the slice, if there is one */
    crease_property *property; /* NULL: none */
    size_t first, end;         /* the parts first, ..., end of the property, numbered from 1 */
} cli_scope;

/* Reads the network at path, the slice and the property.  What is left out of a property is noted
 * on standard error, unless options are quiet.  Close the scope in any case. */
crease_status crease_cli_scope_open(const cli_options *options, const char *path, cli_scope *scope,
                                    crease_error *error);
void crease_cli_scope_close(cli_scope *scope);

/* One part: a network and the domain to count in. */
typedef struct {
    const crease_network *network;
    crease_network *own;   /* network, if the part owns it; NULL: it is that of the scope */
    crease_domain *domain; /* NULL: all of R^n */
} cli_part;

/* Part i of the scope.  Close the part in any case. */
crease_status crease_cli_part_open(const cli_options *options, const cli_scope *scope, size_t i,
                                   cli_part *part, crease_error *error);
void crease_cli_part_close(cli_part *part);

/* The only part of the scope; an error if there are several. */
crease_status crease_cli_part_only(const cli_options *options, const cli_scope *scope,
                                   cli_part *part, crease_error *error);

/* The domain as JSON names it ("0:1"), and as reports do ("box 0:1"). */
const char *crease_cli_domain_name(const cli_options *options);
enum { CLI_DOMAIN = 400 };
void crease_cli_domain_words(const cli_options *options, size_t inputs, char text[CLI_DOMAIN]);

#endif
