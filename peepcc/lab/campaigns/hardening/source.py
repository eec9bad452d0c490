"""A program that every hardening option changes, for the campaign `hardening`: each function is of a kind that some
option is for.
"""

from __future__ import annotations

# With WIPE it also wipes what it is done with, in the four ways that programs do, which no option does for them.
SOURCE = r"""
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define NOINLINE __attribute__((noinline))
#ifndef ATTRIBUTE
#define ATTRIBUTE
#endif
typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long u64;
struct item { int key; char name[12]; struct item *next; u64 value; };
typedef int (*visit)(int, int);
static int table[16] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
static void *(*volatile wipe)(void *, int, size_t) = memset;

NOINLINE ATTRIBUTE u64 secret(const u8 *key, u64 block) { u64 k = 0; for (int i = 0; i < 8; i++) k = k << 8 | key[i];
  block ^= k * 0x9E3779B97F4A7C15ul; return (block << 13 | block >> 51) + (k & 0xffffffff) * (k >> 32); }
NOINLINE int copied(char *to, const char *from) { char room[24]; size_t n = strlen(from);
  if (n >= sizeof room) n = sizeof room - 1;
  memcpy(room, from, n); room[n] = 0; for (size_t i = 0; i < n; i++) room[i] ^= 32; strcpy(to, room); return (int)n; }
NOINLINE int checked(const int *p, int n, int at) { if (!p || at < 0 || at >= n) return -1;
  return p[at] * 2 + p[n - 1 - at]; }
NOINLINE int indexed(int i, int j) { int local[8]; for (int n = 0; n < 8; n++) local[n] = n * i;
  local[j & 7] += table[i]; return local[(i + j) & 7] + table[j]; }
NOINLINE int added(int a, int b) { return a + b; }
NOINLINE int scaled(int a, int b) { return a * 3 - b; }
NOINLINE int called(visit f, int a, int b) { int r = f(a, b) + 1; return r * f(b, a); }
NOINLINE int bounded(int a, int b, long c) { int s = a * b + 7; long t = c * s - a; s -= (int)(t % 1000);
  return s / (b | 1) + (a << (b & 7)); }
NOINLINE ATTRIBUTE int summed(int n, ...) { va_list l; va_start(l, n); int s = 0;
  while (n-- > 0) s += va_arg(l, int) * n; va_end(l); return s; }
NOINLINE int deep(int n, int *seen) { int here[4] = {n, n + 1, n + 2, n + 3}; if (seen) *seen += here[n & 3];
  return n < 2 ? n : deep(n - 1, here) + deep(n - 2, seen); }
NOINLINE double averaged(const double *p, int n) { double s = 0, m = p[0]; for (int i = 0; i < n; i++) {
  s += p[i] * 0.5; if (p[i] > m) m = p[i]; } return n > 2 ? s / n + m : s; }
NOINLINE u64 large(int n) { u64 room[2600]; room[0] = n; for (int i = 1; i < 2600; i++) room[i] = room[i - 1] * 31 + i;
  return room[(n * 7) % 2600]; }
NOINLINE int grown(int n, int at) { u8 room[n]; for (int i = 0; i < n; i++) room[i] = (u8)(i * at);
  return room[at % n] + room[n - 1]; }
NOINLINE u64 initial(int n, u64 *out) { struct item one; int unset; if (n & 1) { one.key = n; unset = n * 3; } else {
  one.key = 4; unset = n; }
  one.value = n; one.next = 0; memset(one.name, n, 11); one.name[11] = 0; *out += one.value * one.key;
    return one.name[n & 7] + (u32)unset; }
NOINLINE int linked(struct item *list, int key) {
  for (; list; list = list->next) if (list->key == key) return list->name[0] + (int)list->value; return 0; }
NOINLINE ATTRIBUTE int chosen(int c) { switch (c) { case 0: return 9; case 1: return c * 5; case 2: return table[c];
  case 3: return -c; case 4: return 77; case 6: return added(c, 2); default: return c & 12; } }
NOINLINE void kept(u64 v) { volatile u64 key = v; volatile u8 bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (u8)(key >> 8 * i); key = bytes[3]; printf("%lx\n", (u64)key); }
NOINLINE u64 cleaned(u64 v) { u8 room[32]; for (int i = 0; i < 32; i++) room[i] = (u8)(v >> (i & 7));
  u64 r = secret(room, v);
#ifdef WIPE
  volatile u8 *p = room; for (int i = 0; i < 8; i++) p[i] = 0; memset(room + 8, 0, 8);
    __asm__ volatile("" : : "r"(room) : "memory");
  wipe(room + 16, 0, 8); explicit_bzero(room + 24, 8);
#endif
  return r; }
int main(void) {
  char text[32]; u64 digest = 7; double values[5] = {1.5, -2.25, 8, 0.125, 3};
    struct item second = {5, "two", 0, 50}, first = {3, "one", &second, 30};
  const u8 key[8] = {1, 2, 3, 250, 251, 252, 7, 8}; visit calls[2] = {added, scaled};
  for (int i = 0; i < 9; i++) {
    digest = digest * 31 + secret(key, digest + i);
      digest += (u64)indexed(i, i + 3) + (u64)called(calls[i & 1], i, 3) + (u64)bounded(i, 5, 1000 + i);
    digest ^= (u64)chosen(i) + (u64)checked(table, 16, i - 1) + (u64)linked(&first, i) + initial(i,
      &digest) + cleaned(digest) + (u64)grown(20 + i, i + 1);
    printf("%d %lx\n", i, digest); }
  printf("%d %s %d %d %g %lx\n", copied(text, "Hardened Code"), text, summed(4, 1, 2, 3, 4), deep(6, 0),
    averaged(values, 5), large(9)); kept(digest); return 0; }
"""
