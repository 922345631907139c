/* Networks in .onnx files. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    fuzz_network("fuzz.onnx", byte, count);
    return 0;
}
