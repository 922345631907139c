/* One region as a line of JSON, or as a page for a person. */
#ifndef CREASE_CLI_REGION_TEXT_H
#define CREASE_CLI_REGION_TEXT_H

#include <crease_regions.h>
#include <math.h>
#include <stdio.h>

typedef struct {
    unsigned with;    /* what is written besides the pattern, as bits CREASE_WITH_... */
    bool exact;       /* numbers as fractions, in strings */
    const char *file; /* that of the network, to be written before all else, in quotes; NULL: not */
} cli_region_fields;

/* Sets the bits of "facets,map" and the like, and of a point; false if a name is not known. */
bool crease_cli_region_fields(const char *text, unsigned *with);

/* Does the name end in .npz? */
bool crease_cli_is_npz(const char *path);

/* "[[0,1],[1]]": the states of a list for each layer that switches. */
void crease_cli_put_pattern(FILE *to, const crease_network *network, const uint8_t *pattern);

/* Is the number written as a fraction: are all, or is it beyond the range of doubles? */
static inline bool crease_cli_in_text(bool exact, double number)
{
    return exact || isinf(number);
}

/* A number of a list, or the text, which is freed, in quotes. */
void crease_cli_put_number(FILE *to, bool first, double number, char *exact);

/* One object in one line.  network: that of the region. */
void crease_cli_region_line(FILE *to, const crease_network *network, crease_region *region,
                            const cli_region_fields *fields);

/* All about the region, in lines. */
void crease_cli_region_page(FILE *to, const crease_network *network, crease_region *region,
                            bool exact);

#endif
