/* llvm-project#118413: subs, cneg.
 * distance: subs w8, w0, w1; cneg w0, w8, ls; ret
 * bdistance: and w8, w0, #0xff; sub w9, w0, w1; cmp w8, w1, uxtb; cneg w0, w9, ls; ret
 */
unsigned distance(unsigned p, unsigned q) { return p > q ? p - q : q - p; }
long sdistance(long p, long q) { return p > q ? p - q : q - p; }
unsigned char bdistance(unsigned char p, unsigned char q) { return p > q ? p - q : q - p; }
