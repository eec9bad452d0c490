/* llvm-project#223391: reuse of the difference.
 * reduce: subs x8, x0, x1; csel x0, x8, x0, hs; ret
 * reduce32: subs w8, w0, w1; csel w0, w8, w0, hs; ret
 */
unsigned long reduce(unsigned long v, unsigned long m) { return v - (v >= m ? m : 0); }
unsigned reduce32(unsigned v, unsigned m) { return v - (v >= m ? m : 0); }
