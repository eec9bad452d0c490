/* Shifts, extends, wide constants, bit fields, carries, conditions. */
#include <stdint.h>

uint64_t mix(uint64_t a, uint32_t b, int8_t c, int16_t d)
{
    a = (a << 7) ^ (a >> 9) ^ ((a >> 23) | (a << 41));
    a += (uint64_t)b << 3;
    a -= (int64_t)c * 4;
    a ^= 0x0123456789abcdefull + (uint64_t)d;
    return a & 0xfffffffffffffff0ull ? a | 0xff00ff00ff00ff00ull : ~a;
}

__int128 wide(__int128 a, __int128 b, long c) { return (a + b) * c - (a >> 3); }
int choose(int a, int b, int c) { return a > b && b != 7 || c < -4096 ? a - b : (c ? -a : ~b); }
unsigned fields(unsigned x) { return (x >> 5 & 0x1f) | (x << 20 & 0x3f00000) | (x & 0x80000000u); }
int divide(int a, int b, unsigned c) { return a / b + a % 10 - (int)(c / 7) + (int)(c % 16); }
long bits(unsigned long x) { return __builtin_clzl(x | 1) + __builtin_ctzl(x | 2) + __builtin_bswap32((unsigned)x) + __builtin_popcountl(x); }
int overflow(int a, int b, int *out) { return __builtin_add_overflow(a, b, out) || __builtin_mul_overflow(a, 3, out); }
unsigned char narrow(int a, short b) { return (unsigned char)(a * b + (signed char)a); }
