/* Networks in .safetensors files. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    fuzz_network("fuzz.safetensors", byte, count);
    return 0;
}
