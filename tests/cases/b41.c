/* llvm-project#51483, PR 93717: constants with equal halves.
 * store_repeated: mov w8, #49370; movk w8, #320, lsl #16; stp w8, w8, [x0]; ret
 */
unsigned long repeated(void) { return 0x0140c0da0140c0daul; }
void store_repeated(unsigned long *p) { *p = 0x0140c0da0140c0daul; }
unsigned long shifted_ones(void) { return 0x00ffff00fffful << 12; }
