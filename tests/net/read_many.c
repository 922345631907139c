/* Reads networks from standard input, one after another: a line of name, length, weights (0 to 3),
 * options (the sum of 1 normalise, 2 transpose, 4 whole_batch), activation and layers (each "-" for
 * none), and if wanted a number of points, with tabs between, then that many bytes.  Prints for
 * each a line with the digest, followed by the number of inputs and, after a ";" for each point of
 * evaluate.h, the outputs; or "-" and the message.  Fails if a message is not one line with the
 * name in it. */
#include "api/read.h"
#include "support/evaluate.h"
#include "support/oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *field(char **rest)
{
    char *text = *rest ? strsep(rest, "\t") : NULL;
    return text ? text : "";
}

static void print_values(const crease_network *network, size_t points)
{
    size_t inputs = crease_network_inputs(network), last = crease_network_layers(network) - 1;
    mpq_t *x = oracle_zeros(inputs);
    printf(" %zu", inputs);
    for (size_t p = 0; p < points; p++) {
        for (size_t j = 0; j < inputs; j++)
            evaluate_point(x[j], p, j);
        mpq_t *out = evaluate_network(network, x);
        printf(";");
        for (size_t i = 0; i < crease_network_width(network, last); i++)
            gmp_printf(" %Qd", out[i]);
        oracle_drop(out, crease_network_width(network, last));
    }
    oracle_drop(x, inputs);
}

/* False if the reader broke its contract. */
static bool read_one(const crease_source *source, size_t points)
{
    crease_network *network = (crease_network *)source; /* must become NULL */
    crease_status status = crease_source_read(source, &network);
    const char *text = source->error->text;
    if (status == CREASE_OK) {
        char hex[65];
        crease_network_digest(network, hex);
        printf("%s", hex);
        if (points)
            print_values(network, points);
        puts("");
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
        unsigned long flags = strtoul(field(&rest), NULL, 10);
        options.nnet_normalise = flags & 1;
        options.transpose = flags & 2;
        options.whole_batch = flags & 4;
        const char *activation = field(&rest), *layers = field(&rest);
        options.activation = strcmp(activation, "-") ? activation : NULL;
        options.layers = strcmp(layers, "-") ? layers : NULL;
        size_t points = strtoul(field(&rest), NULL, 10);
        char *data = malloc(length + 1); /* exactly, so that a read past its end is seen */
        if (!data || fread(data, 1, length, stdin) != length)
            return EXIT_FAILURE;
        data[length] = 0;
        crease_error error = {""};
        crease_source source = {name, data, length, &options, &error};
        if (!read_one(&source, points)) {
            fprintf(stderr, "read_many: %s: \"%s\"\n", name, error.text);
            return EXIT_FAILURE;
        }
        free(data);
    }
    free(line);
    return EXIT_SUCCESS;
}
