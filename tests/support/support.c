#include "support.h"

#include <stdlib.h>
#include <string.h>

TCase *support_case(Suite *suite, const char *name, double seconds)
{
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 10 * seconds); /* the machine may be busy */
    suite_add_tcase(suite, tcase);
    return tcase;
}

int support_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void support_require(bool good, const char *what)
{
    if (!good)
        ck_abort_msg("%s", what);
}

crease_network *support_network(const char *json)
{
    crease_network *network = NULL;
    crease_error error = {""};
    ck_assert_msg(!crease_network_parse(json, strlen(json), "some.json", &network, &error),
                  "%s: %s", error.text, json);
    return network;
}

bool support_one_line(const char *text)
{
    if (!*text)
        return false;
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

void support_refused(const char *text, size_t length, const char *place)
{
    crease_network *network = NULL;
    crease_error error = {""};
    crease_status status = crease_network_parse(text, length, "some.json", &network, &error);
    ck_assert_msg(status == CREASE_INPUT, "status %d for %.300s", (int)status, text);
    ck_assert_msg(support_one_line(error.text), "not one line: \"%s\" for %.300s", error.text,
                  text);
    ck_assert_msg(strstr(error.text, "some.json") != NULL, "no file in: %s", error.text);
    ck_assert_msg(strstr(error.text, place) != NULL, "no %s in \"%s\" for %.300s", place,
                  error.text, text);
    /* The message is optional. */
    ck_assert_int_eq(crease_network_parse(text, length, "some.json", &network, NULL), CREASE_INPUT);
}
