/* llvm-project#71917: a large offset in two parts.
 * far_byte: add x0, x0, #253, lsl #12; ldrb w0, [x0, #3704]; ret
 */
int far_byte(const unsigned char *p) { return p[0xfde78]; }
