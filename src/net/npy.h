/* An array of NumPy: the content of a .npy file. */
#ifndef CREASE_NET_NPY_H
#define CREASE_NET_NPY_H

#include "net/tensor.h"

/* Sets all of the tensor except its name.  bytes must hold one array and nothing else.  The caller
 * owns them, and they must live as long as the tensor.  Format: a magic number, the version (1 to
 * 3), the header's length, the header (a Python dictionary of descr, fortran_order and shape), the
 * data. */
crease_status crease_npy_read(const crease_source *source, const unsigned char *bytes,
                              size_t length, crease_tensor *tensor);

#endif
