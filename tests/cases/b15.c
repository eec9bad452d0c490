/* llvm-project#76460: the other comparison has the cheaper constant.
 * le1: mov w8, #0x11111111; cmp w0, w8; cset w0, ls; ret
 * le3: mov w8, #0x33333333; cmp w0, w8; cset w0, ls; ret
 * ge3: mov w8, #0x33333333; cmp w0, w8; cset w0, hs; ret
 * sle: mov x8, #0x5555555555555555; cmp x0, x8; cset w0, le; ret
 */
_Bool le1(unsigned v) { return v <= 0x11111111u; }
_Bool le3(unsigned v) { return v <= 0x33333333u; }
_Bool ge3(unsigned v) { return v >= 0x33333333u; }
_Bool sle(long v) { return v <= 0x5555555555555555l; }
