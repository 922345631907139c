/* What the options ask for: a network, perhaps sliced, and parts of its input space. */
#ifndef CREASE_CLI_SCOPE_H
#define CREASE_CLI_SCOPE_H

#include "cli/options.h"

typedef struct {
    crease_network *network;   /* as it was read, and sliced if a slice is given */
    crease_property *property; /* NULL: none */
    size_t first, end;         /* the parts that are asked for, numbered from 1 */
} cli_scope;

/* Reads the network at path and what options says of its inputs; notes on stderr, unless quiet,
 * what of a property is left out.  The scope is to be given to crease_cli_scope_close, whatever is
 * returned. */
crease_status crease_cli_scope_open(const cli_options *options, const char *path, cli_scope *scope,
                                    crease_error *error);
void crease_cli_scope_close(cli_scope *scope);

/* One part: a network and the domain to count in. */
typedef struct {
    const crease_network *network;
    crease_network *own;   /* NULL if the network is the scope's */
    crease_domain *domain; /* NULL: all of R^n */
} cli_part;

/* Part number i.  The part is to be given to crease_cli_part_close, whatever is returned. */
crease_status crease_cli_part_open(const cli_options *options, const cli_scope *scope, size_t i,
                                   cli_part *part, crease_error *error);
void crease_cli_part_close(cli_part *part);

/* The only part that is asked for; an error if there are several. */
crease_status crease_cli_part_only(const cli_options *options, const cli_scope *scope,
                                   cli_part *part, crease_error *error);

/* The domain in one word, as JSON has it, and for people ("box 0:1"). */
const char *crease_cli_domain_name(const cli_options *options);
enum { CLI_DOMAIN = 400 };
void crease_cli_domain_words(const cli_options *options, size_t inputs, char text[CLI_DOMAIN]);

#endif
