/* Inline assembly with labels, comments, several statements; file-scope assembly. */
int f(int);
__asm__(".pushsection .note.mine, \"a\"\n\t.word 1, 2 // words\n\t.popsection");

int loop(int n) { __asm__ volatile("1: subs %w0, %w0, #1\n\tb.ne 1b" : "+r"(n)::"cc"); return f(n); }
int several(int n) { __asm__("add %w0, %w0, #1; add %w0, %w0, #2 // three" : "+r"(n)); return n * f(n); }
void nothing(int n) { __asm__ volatile("" ::: "memory"); f(n); __asm__ volatile("nop"); f(n); }
__attribute__((naked)) void bare(void) { __asm__("mov x0, #1\n\tret"); }
int pinned(void) { register int x __asm__("x9") = 4; __asm__ volatile("mov %w0, %w0" : "+r"(x)); return x; }
