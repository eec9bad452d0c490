/* llvm-project PR 224992: a selection inside a selection under the same flags.
 * field: cmp w0, #24; sub x9, x1, #64; sub x8, x1, #32; csel x0, x8, x9, eq; ret
 */
struct node { long a, b, c, d, key; };
long *field(int tag, struct node *n)
{
	char *p = tag == 24 ? (char *)n : 0;
	return (long *)(tag == 24 ? p - 32 : (char *)n - 64);
}
