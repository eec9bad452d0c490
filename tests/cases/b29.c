/* llvm-project#165948: two overlapping words move seven bytes.
 * move7: ldr w8, [x1]; ldur w9, [x1, #3]; str w8, [x0]; stur w9, [x0, #3]; ret
 */
void move7(char *to, const char *from) { __builtin_memmove(to, from, 7); }
