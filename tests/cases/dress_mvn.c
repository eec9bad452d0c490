/* A complement of a shift is one instruction in both widths.
 * left32: mvn w0, w0, lsl #5; ret
 * right32: mvn w0, w0, lsr #9; ret
 * arith32: mvn w0, w0, asr #4; ret
 * left64: mvn x0, x0, lsl #5; ret
 * right64: mvn x0, x0, lsr #9; ret
 * arith64: mvn x0, x0, asr #9; ret
 */
unsigned left32(unsigned v) { return ~(v << 5); }
unsigned right32(unsigned v) { return ~(v >> 9); }
int arith32(int v) { return ~(v >> 4); }
unsigned long left64(unsigned long v) { return ~(v << 5); }
unsigned long right64(unsigned long v) { return ~(v >> 9); }
long arith64(long v) { return ~(v >> 9); }
