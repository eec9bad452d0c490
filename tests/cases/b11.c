/* llvm-project#224696: sbfx for asr + sxtw lets madd in.
 * place: sbfx x8, x2, #2, #30; sbfx x9, x1, #2, #30; madd x0, x8, x0, x9; ret
 */
long place(long pitch, int col, int row) { return (long)(row >> 2) * pitch + (col >> 2); }
