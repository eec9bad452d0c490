/* With -fexceptions: landing pads. */
void f(int), release(int *);

int guarded(int x)
{
    __attribute__((cleanup(release))) int a = x;
    f(a);
    if (x > 3) {
        __attribute__((cleanup(release))) int b = x * 2;
        f(b);
        f(a + b);
    }
    f(x);
    return a;
}
