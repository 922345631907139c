#include "support.h"

#include <stdlib.h>
#include <string.h>

TCase *support_case(Suite *suite, const char *name, double seconds)
{
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, seconds);
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
