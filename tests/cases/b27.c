/* llvm-project#130376: movk for a mask above a loaded word.
 * tag: ldr w0, [x0]; movk x0, #0xfffd, lsl #48; ret
 */
unsigned long tag(const unsigned *p) { return *p | 0xfffdul << 48; }
