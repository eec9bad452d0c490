/* The sign of a sum or difference is a flag of the instruction that makes it.
 * sum32: adds w8, w0, w1; csel w0, w2, w3, mi; ret
 * difference32: subs w8, w0, w1; csel w0, w2, w3, mi; ret
 * sum64: adds x8, x0, x1; csel x0, x2, x3, pl; ret
 */
int sum32(int p, int q, int a, int b) { return (int)((unsigned)p + q) < 0 ? a : b; }
int difference32(int p, int q, int a, int b) { return (int)((unsigned)p - q) < 0 ? a : b; }
long sum64(long p, long q, long a, long b) { return (long)((unsigned long)p + q) >= 0 ? a : b; }
