/* Every addressing mode, pairs, structures, strings with what looks like comments. */
#include <stddef.h>
#include <string.h>

struct item { char tag; short size; int count; long total; float weight; double mass; void *next; };
extern struct item table[];
static int counter, others[300];
const char *const text[] = { "a // b", "c; d /* e */", "tab\t\"quote\" \\ \303\251 #APP", ".LBB0_1:" };

long walk(struct item *p) { long s = 0; for (; p; p = p->next) s += p->tag + p->size + p->count + p->total; return s; }
void fill(int *p, size_t n) { while (n--) *p++ = (int)n; }
void back(char *p, const char *q, size_t n) { while (n) { n--; p[n] = q[n]; } }
struct item copy(struct item *p, int i) { struct item x = table[i]; *p = x; x.count += counter++; return x; }
int indexed(short *p, unsigned i, long j, signed char k) { return p[i] + p[j] + p[k] + others[i & 255]; }
void zero(struct item *p) { memset(p, 0, sizeof *p); memset(others, 0, sizeof others); }
size_t text_of(int i) { return strlen(text[i & 3]); }
volatile int device;
int touch(void) { device = 1; return device + device; }
