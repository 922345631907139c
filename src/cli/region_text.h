/* One region as a line of JSON, or as a page for a person. */
#ifndef CREASE_CLI_REGION_TEXT_H
#define CREASE_CLI_REGION_TEXT_H

#include <crease_regions.h>
#include <stdio.h>

/* What is written besides the pattern and a point. */
typedef struct {
    bool facets, neighbours, map, volume;
    bool exact; /* numbers as fractions, in strings */
} cli_region_fields;

/* Parses "facets,map" and the like; false if a name is not known. */
bool crease_cli_region_fields(const char *text, cli_region_fields *fields);

/* One object in one line.  network: that of the region. */
void crease_cli_region_line(FILE *to, const crease_network *network, crease_region *region,
                            const cli_region_fields *fields);

/* All about the region, in lines. */
void crease_cli_region_page(FILE *to, const crease_network *network, crease_region *region,
                            bool exact);

#endif
