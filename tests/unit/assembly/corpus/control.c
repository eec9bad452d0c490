/* Loops, tail calls, noreturn ends, traps, recursion, indirect calls, cold code, aliases. */
void stop(void) __attribute__((noreturn, cold));
int f(int);
int (*handler)(int);

int search(const int *p, int n) { for (int i = 0; i < n; i++) { if (p[i] == 7) return i; if (p[i] < 0) break; } return -1; }
int tail(int x) { return x > 3 ? f(x) : handler(x); }
int through(int x) { return handler(x + 1); }
int check(int x) { if (__builtin_expect(x < 0, 0)) stop(); return f(x) + 1; }
void last(int x) { f(x); stop(); }
int trap(int *p) { if (!p) __builtin_trap(); return *p; }
int factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }
__attribute__((cold)) void rare(int x) { f(x); f(x + 1); }
int split(int x) { if (x == 77) { rare(x); f(3); stop(); } return f(x) & 4 ? x : f(2); }
int original(int x) { return f(x) | 1; }
int alias(int x) __attribute__((alias("original")));
int weak(int x) __attribute__((weak));
int weak(int x) { return x & 8 ? f(1) : x & 0x100000 ? f(2) : 3; }
int dollar$name(int x) { return f(x) ^ 2; }
#ifdef __clang__ /* gcc prints the name without quotes */
int odd(int x) __asm__("odd name");
#endif
int odd(int x) { return x ? odd(x - 1) + f(x) : 5; }
static int local(int x) { return f(x); }
int (*table[])(int) = { local, original, odd };
