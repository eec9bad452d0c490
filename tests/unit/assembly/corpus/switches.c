/* Jump tables with entries of every width, sparse and dense, two in one function. */
int f(int), g(int, int);

int dense(int x)
{
    switch (x) {
    case 0: return f(1); case 1: return f(x) * 3; case 2: f(9); f(8); return 2; case 3: return g(1, 2);
    case 4: return f(3) - 1; case 5: return g(x, 4); case 6: f(f(6)); return 0; case 7: return g(f(1), f(2));
    case 8: return f(8) ^ 8; case 9: return g(9, x) + x; case 10: f(x); return x; case 11: return f(f(f(1)));
    case 12: return g(f(3), 12); case 13: return f(13) / 3; case 14: f(14); f(15); return f(16); case 15: return -f(x);
    default: return -1;
    }
}

#define C4(n) case n: r += f(r) * n; r ^= g(n, r); break; case n + 1: r -= g(r, n) + f(n); break; case n + 2: f(n); r = g(f(r), n) - n; break; case n + 3: r = f(n) / (r | 1); break;
#define C16(n) C4(n) C4(n + 4) C4(n + 8) C4(n + 12)
int two(int x, int y)
{
    int r = 0;
    switch (x) { C16(1) }
    switch (y) { C16(10) default: r = -r; }
    return r;
}

int large(int x, int r)
{
    for (;; x = f(r))
        switch (x) { C16(0) C16(16) C16(32) C16(48) case 99: return r; default: f(x); }
}

int sparse(int x) { switch (x) { case 1: return f(1); case 1000: return f(2); case 100000: return f(3); } return 0; }
