/* llvm-project PR 151180: abs of a difference compares with zero again.
 * gap16: sxth w8, w0; subs w8, w8, w1, sxth; cneg w0, w8, mi; ret
 * gap8: sxtb w8, w0; subs w8, w8, w1, sxtb; cneg w0, w8, mi; ret
 */
int gap16(short p, short q) { int d = p - q; return d < 0 ? -d : d; }
int gap8(signed char p, signed char q) { int d = p - q; return d < 0 ? -d : d; }
