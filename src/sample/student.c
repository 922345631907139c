#include "sample/student.h"

#include <math.h>

/* P(|T| <= t) where tan(angle) = t / sqrt(freedom). */
static double within(double angle, size_t freedom)
{
    const double half_pi = 1.57079632679489661923;
    double s = sin(angle), c = cos(angle), sum = 0;
    double term = freedom % 2 ? c : 1;
    for (size_t k = freedom % 2 ? 2 : 1; k < freedom; k += 2) {
        sum += term;
        term *= (double)k / (double)(k + 1) * c * c;
    }
    return freedom % 2 ? (angle + s * sum) / half_pi : s * sum;
}

double crease_student_quantile(double confidence, size_t freedom)
{
    double low = 0, high = 1.57079632679489661923;
    for (int i = 0; i < 64; i++) {
        double middle = (low + high) / 2;
        *(within(middle, freedom) < confidence ? &low : &high) = middle;
    }
    return tan(low) * sqrt((double)freedom);
}
