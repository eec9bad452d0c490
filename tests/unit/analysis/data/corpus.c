/* Code whose compilation brings many instruction forms; it is never run. */
#include <stdint.h>
#include <string.h>

typedef struct { int8_t a; uint16_t b; int32_t c; uint64_t d; float e; double f; int16_t g[3]; unsigned h : 5, i : 11, j : 16; } Mixed;

#define REDUCE(name, type, result, op, start) \
  result name(const type *p, unsigned n) { result r = start; for (unsigned i = 0; i < n; i++) r = op; return r; }
REDUCE(sum8, uint8_t, unsigned, r + p[i], 0)
REDUCE(sum16, int16_t, long, r + p[i], 0)
REDUCE(dot16, int16_t, int, r + p[i] * p[n - i - 1], 0)
REDUCE(max32, int32_t, int, p[i] > r ? p[i] : r, -5)
REDUCE(min8, uint8_t, unsigned char, p[i] < r ? p[i] : r, 255)
REDUCE(xor64, uint64_t, uint64_t, r ^ p[i] << (i & 7), 1)
REDUCE(fsum, float, double, r + p[i], 0)
REDUCE(popcounts, uint64_t, int, r + __builtin_popcountll(p[i]), 0)

#define MAP(name, from, to, value) \
  void name(const from *restrict p, to *restrict q, int n) { for (int i = 0; i < n; i++) q[i] = value; }
MAP(narrow, uint32_t, uint8_t, p[i] >> 3)
MAP(widen, int8_t, int32_t, p[i] * 7)
MAP(convert, int32_t, float, p[i] * 0.5f)
MAP(truncate, double, int64_t, (int64_t)p[i])
MAP(half, float, double, p[i] / 3)
MAP(fused, double, double, __builtin_fma(p[i], 2.5, q[i]))
MAP(absolute, int16_t, int16_t, p[i] < 0 ? -p[i] : p[i])
MAP(swap, uint32_t, uint32_t, __builtin_bswap32(p[i]))
MAP(average, uint8_t, uint8_t, (p[i] + q[i] + 1) >> 1)
MAP(select, int, int, p[i] > 3 ? p[i] : q[i])
MAP(pairs, int32_t, int32_t, p[2 * i] + p[2 * i + 1])
MAP(triples, uint8_t, uint8_t, p[3 * i] ^ p[3 * i + 2])
MAP(rotate, uint32_t, uint32_t, p[i] << 7 | p[i] >> 25)
MAP(variable, uint32_t, uint32_t, p[i] >> (q[i] & 31))
MAP(roots, float, float, __builtin_sqrtf(p[i]))
MAP(rounded, double, double, __builtin_floor(p[i]) + __builtin_trunc(p[i]))

int64_t bits(uint64_t a, int64_t b, uint32_t c, int32_t d) {
  uint64_t r = (a >> 5 & 0x3ff) | (uint64_t)__builtin_clzll(a | 1) << 17;
  r += b / 7 + c % 10u + d % 13 + ((__int128)b * d >> 64);
  r ^= (a & ~(uint64_t)b) + (c | ~d) + (int16_t)a + (int8_t)c + (uint16_t)d;
  return r - ((uint64_t)d * c) + __builtin_ctz(c | 4) + (a > 5 && b < 3 || c == 9);
}

int floats(double a, float b, int c) {
  if (a < b) return (int)a + (unsigned)b;
  if (__builtin_fabs(a) > 2 && b != c) return (long)(a * b - c) + (a > 0 ? c : -c);
  return (int)__builtin_fmaf(b, b, -b) + (int)__builtin_copysign(a, b) + (b >= 1e9f);
}

Mixed fields(Mixed *m, int n, const char *s, long *out) {
  Mixed copy = m[n];
  copy.h += 3; copy.i ^= m->j; copy.g[n & 1] = s[n] + m->g[2];
  out[n] = m[-1].c; out[-n] = copy.a; *out += m->b;
  memcpy(out + 8, m, 64); memset(m + 1, 0, sizeof *m);
  m[2].e = copy.f; m[3].f += copy.e;
  switch (n) { case 0: return *m; case 1: copy.c = 4; break; case 2: copy.d--; break; case 3: return m[7]; case 5: out[3]++; }
  return copy;
}
