/* llvm-project#171920: mask of a shift count that the shift takes modulo 64.
 * widen: lsr x9, x0, #1; mvn w8, w1; lsl x0, x0, x1; lsr x1, x9, x8; ret
 */
unsigned __int128 widen(unsigned long v, unsigned long n) { return (unsigned __int128)v << (n & 63); }
