/* Scalar floating point, immediates, conversions, constants from the pool. */
#include <math.h>

double line(double a, float b, int c) { return a * 2.0 + b * -0.125f + c * 31.0 + 0.1; }
float root(float x) { return x < 0.0f ? -1.5f : sqrtf(x) + fabsf(x); }
int order(double a, double b) { return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2; }
long whole(double x, float y) { return (long)x + (int)y + (unsigned)(x * 3); }
double fused(double a, double b, double c) { return __builtin_fma(a, b, c) - floor(a) + trunc(b); }
__fp16 half(__fp16 a, float b) { return a + (__fp16)b; }
long double quad(long double a, int b) { return a * b + 1.0L; }
double pick(int i) { static const double values[] = { 1.0, 3.25, 1e300, -7.0 }; return values[i & 3]; }
