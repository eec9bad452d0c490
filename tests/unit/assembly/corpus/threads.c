/* Thread-local storage in every model, the GOT, varargs, big frames, alloca, setjmp. */
#include <setjmp.h>
#include <stdarg.h>

extern __thread int outer;
static __thread int inner = 4;
__thread long array[20];
extern int far, *farther;
int use(void *);

int locals(int i) { return outer + inner++ + (int)array[i]; }
int *address(void) { return &outer; }
int got(void) { return far + *farther + use(&far); }
int sum(int n, ...) { va_list l; va_start(l, n); int s = 0; while (n--) s += va_arg(l, int) + (int)va_arg(l, double); va_end(l); return s; }
int big(int n) { char b[70000]; int v[n]; use(b); use(v); return b[69999] + v[n - 1]; }
jmp_buf saved;
int again(int n) { if (setjmp(saved)) return n; use(&n); longjmp(saved, 1); }
