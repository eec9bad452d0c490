/* Atomics, barriers, prefetch, system registers by intrinsics and by asm. */
#include <stdatomic.h>

int add(atomic_int *p) { return atomic_fetch_add(p, 5) + atomic_exchange_explicit(p, 3, memory_order_acquire); }
_Bool swap(_Atomic long *p, long *e, long d) { return atomic_compare_exchange_strong(p, e, d); }
void publish(_Atomic char *p) { atomic_store_explicit(p, 1, memory_order_release); atomic_thread_fence(memory_order_seq_cst); }
unsigned char load(_Atomic unsigned char *p) { return atomic_load(p); }
__int128 pair(__int128 *p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
void warm(const char *p) { __builtin_prefetch(p, 0, 3); __builtin_prefetch(p + 64, 1, 0); }
unsigned long clock_now(void) { unsigned long t; __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(t)::"memory"); return t; }
void *self(void) { return __builtin_thread_pointer(); }
