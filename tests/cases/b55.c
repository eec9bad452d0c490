/* llvm-project#119921: mvn with a shifted operand.
 * flip_left: mvn w0, w0, lsl #1; ret
 * flip_right: mvn x0, x0, lsr #9; ret
 * flip_rot: mvn w0, w0, ror #25; ret
 */
unsigned flip_left(unsigned v) { return ~(v << 1); }
unsigned long flip_right(unsigned long v) { return ~(v >> 9); }
unsigned flip_rot(unsigned v) { return ~(v << 7 | v >> 25); }
