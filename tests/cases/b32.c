/* llvm-project#64793: a sum that is already there.
 * sums: add w9, w6, w2; add w10, w4, w3; sub w8, w5, w10; sub w8, w8, w1; stp w8, w9, [x0]; add w8, w10, w9; str w8, [x0, #8]; ret
 */
void sums(int *o, int a, int b, int c, int d, int e, int f)
{
	o[0] = e - (c + d + a);
	o[1] = b + f;
	o[2] = d + b + f + c;
}
