/* llvm-project#102703: and + compare with a power of two is tst.
 * control: tst w0, #0xe0; cset w0, eq; ret
 * big: tst w0, #0xf000; cset w0, ne; ret
 */
_Bool control(unsigned char c) { return c < 32; }
_Bool big(unsigned short c) { return c >= 4096; }
