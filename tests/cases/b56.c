/* llvm-project#109455: carry of the sum decides.
 * larger: adds w8, w0, w1; csel w0, w0, w8, hs; ret
 * lower: subs x8, x0, x1; csel x0, x0, x8, lo; ret
 */
unsigned larger(unsigned p, unsigned q) { unsigned s = p + q; return p > s ? p : s; }
unsigned long lower(unsigned long p, unsigned long q) { unsigned long d = p - q; return p < d ? p : d; }
