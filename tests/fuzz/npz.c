/* Networks in .npz files. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    fuzz_network("fuzz.npz", byte, count);
    return 0;
}
