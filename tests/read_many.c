/* Reads networks from standard input, one after another: a line of name, length, weights (0 to 3),
 * normalise (0 or 1), activation and layers (each "-" for none), with tabs between, then that many
 * bytes.  Prints for each a line with the digest, or "-" and the message.  Fails if a message is
 * not one line with the name in it. */
#include "net/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *field(char **rest)
{
    char *text = *rest ? strsep(rest, "\t") : NULL;
    return text ? text : "";
}

/* False if the reader broke its contract. */
static bool read_one(const crease_source *source)
{
    crease_network *network = (crease_network *)source; /* must become NULL */
    crease_status status = crease_source_read(source, &network);
    const char *text = source->error->text;
    if (status == CREASE_OK) {
        char hex[65];
        crease_network_digest(network, hex);
        puts(hex);
        bool words = *crease_network_origin(network);
        crease_network_free(network);
        return words;
    }
    printf("- %s\n", text);
    return status == CREASE_INPUT && !network && *text && !strchr(text, '\n') &&
           strstr(text, source->name);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    for (ssize_t got; (got = getline(&line, &room, stdin)) > 0;) {
        char *rest = line, *name;
        line[got - 1] = 0;
        name = field(&rest);
        size_t length = strtoul(field(&rest), NULL, 10);
        crease_read_options options;
        crease_read_options_default(&options);
        options.weights = (crease_weights)strtoul(field(&rest), NULL, 10);
        options.nnet_normalise = *field(&rest) == '1';
        const char *activation = field(&rest), *layers = field(&rest);
        options.activation = strcmp(activation, "-") ? activation : NULL;
        options.layers = strcmp(layers, "-") ? layers : NULL;
        char *data = malloc(length + 1); /* exactly, so that a read past its end is seen */
        if (!data || fread(data, 1, length, stdin) != length)
            return EXIT_FAILURE;
        data[length] = 0;
        crease_error error = {""};
        crease_source source = {name, data, length, &options, &error};
        if (!read_one(&source)) {
            fprintf(stderr, "read_many: %s: \"%s\"\n", name, error.text);
            return EXIT_FAILURE;
        }
        free(data);
    }
    free(line);
    return EXIT_SUCCESS;
}
