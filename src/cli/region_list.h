/* Where the regions of the command go: lines of JSON, arrays, a graph. */
#ifndef CREASE_CLI_REGION_LIST_H
#define CREASE_CLI_REGION_LIST_H

#include "cli/options.h"

typedef struct cli_list cli_list;

/* Opens the files that the options name.  An error if they do not go together, or if there are
 * several networks and a file can have one alone.  network: the first.  The caller gives *list to
 * crease_cli_list_close. */
crease_status crease_cli_list_open(const cli_options *options, const crease_network *network,
                                   cli_list **list, crease_error *error);

/* Lists the regions of this network, which is that of options->network.  If there are several,
 * lines have its name.  If a limit or a signal stops it, there is nothing to commit. */
crease_status crease_cli_list_network(cli_list *list, const crease_network *network,
                                      const crease_domain *domain, crease_result *result,
                                      crease_error *error);

/* Gives the files their names. */
crease_status crease_cli_list_commit(cli_list *list, crease_error *error);
void crease_cli_list_close(cli_list *list);

/* Are the lines on standard output? */
bool crease_cli_list_is_printed(const cli_list *list);

/* Have all its networks been listed completely, or could something not be written, of which the
 * commit says why? */
bool crease_cli_list_ends(const cli_list *list);

#endif
