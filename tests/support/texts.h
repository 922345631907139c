/* Texts of small networks, good where the text put in is. */
#ifndef TESTS_TEXTS_H
#define TESTS_TEXTS_H

#define TAIL ", \"activation\": \"linear\"}"
#define LAST "{\"weight\": [[1, 1]], \"bias\": [0]" TAIL
#define FIRST "{\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"relu\"}"
#define GOOD "{\"input\": 2, \"layers\": [" FIRST ", " LAST "]}"
/* One hidden layer of one unit with the given weight or bias text. */
#define WEIGHT(text)                                                                               \
    "{\"input\": 1, \"layers\": [{\"weight\": [[" text "]], \"bias\": [0]" TAIL "]}"
#define BIAS(text) "{\"input\": 1, \"layers\": [{\"weight\": [[1]], \"bias\": [" text "]" TAIL "]}"
#define FIRST_LAYER(text) "{\"input\": 2, \"layers\": [{" text "}, " LAST "]}"

#endif
