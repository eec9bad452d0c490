/* llvm-project#119093: bfi puts words together.
 * pair: bfi x0, x1, #32, #32; ret
 * quad: bfi w0, w1, #8, #8; bfi w2, w3, #8, #8; bfi w0, w2, #16, #16; ret
 */
unsigned long pair(unsigned low, unsigned high) { return (unsigned long)high << 32 | low; }
unsigned quad(unsigned char a, unsigned char b, unsigned char c, unsigned char d)
{
	return a | (unsigned)b << 8 | (unsigned)c << 16 | (unsigned)d << 24;
}
