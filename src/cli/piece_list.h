/* Pieces of decision boundaries as lines of JSON. */
#ifndef CREASE_CLI_PIECE_LIST_H
#define CREASE_CLI_PIECE_LIST_H

#include "cli/options.h"

/* crease_boundary_pieces, with a line for each piece in the file options->output or on standard
 * output.  The file gets its name only when it is complete. */
crease_status crease_cli_list_pieces(const cli_options *options, const crease_network *network,
                                     const crease_domain *domain, crease_boundary *boundary,
                                     crease_result *result, crease_error *error);

#endif
