/* llvm-project#171884: the flags of the first addition will do.
 * only_wrapped: adds x8, x0, x1; sub x8, x8, #100; csel x0, x8, xzr, hs; ret
 * wrapped: adds x9, x0, x1; sub x8, x9, #100; csel x0, x8, x9, hs; ret
 */
unsigned long only_wrapped(unsigned long x, unsigned long y)
{
	unsigned long sum;
	return __builtin_uaddl_overflow(x, y, &sum) ? sum - 100 : 0;
}
unsigned long wrapped(unsigned long x, unsigned long y)
{
	unsigned long sum;
	return __builtin_uaddl_overflow(x, y, &sum) ? sum - 100 : sum;
}
