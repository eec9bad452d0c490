/* Computed goto, label differences, asm goto. */
int f(int);

int threaded(const unsigned char *p, int r)
{
    static const void *const go[] = { &&inc, &&dec, &&twice, &&call, &&stop };
    goto *go[*p];
inc: r++; goto *go[*++p];
dec: r--; goto *go[*++p];
twice: r *= 2; goto *go[*++p];
call: r = f(r); goto *go[*++p];
stop: return r;
}

int relative(const unsigned char *p, int r)
{
    static const int go[] = { &&a - &&a, &&b - &&a, &&c - &&a };
    goto *(&&a + go[*p]);
a: r += f(1); goto *(&&a + go[*++p]);
b: r -= f(2); goto *(&&a + go[*++p]);
c: return r;
}

int probe(int x)
{
    __asm__ goto("cbz %w0, %l1" : : "r"(x) : : zero);
    f(1);
    __asm__ goto("1: nop\n\t.pushsection .fixups, \"a\"\n\t.xword 1b, %l0\n\t.popsection" : : : : fault);
    return f(2);
zero: return f(3);
fault: return f(4);
}
