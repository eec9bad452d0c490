/* CRC-32 by table and bit by bit, and Adler-32, over a text that the program makes. */
#include <stdint.h>
#include <stdio.h>

static uint32_t table[256];

static void fill(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
}

static uint32_t by_table(const uint8_t *p, int n)
{
    uint32_t c = ~0u;
    while (n-- > 0)
        c = table[(c ^ *p++) & 0xff] ^ (c >> 8);
    return ~c;
}

static uint32_t by_bit(const uint8_t *p, int n)
{
    uint32_t c = ~0u;
    for (int i = 0; i < n; i++) {
        c ^= p[i];
        for (int k = 0; k < 8; k++)
            c = (c >> 1) ^ (0xedb88320u & -(c & 1));
    }
    return ~c;
}

static uint32_t adler(const uint8_t *p, int n)
{
    uint32_t a = 1, b = 0;
    for (int i = 0; i < n; i++) {
        a = (a + p[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

int main(void)
{
    uint8_t text[1000];
    for (int i = 0; i < 1000; i++)
        text[i] = (uint8_t)("peephole"[i % 8] + i / 100);
    fill();
    printf("crc   %08x %08x\nadler %08x\n", by_table(text, 1000), by_bit(text, 1000), adler(text, 1000));
    return by_table(text, 1000) != by_bit(text, 1000);
}
