/* Sorts the same numbers three ways and prints a checksum of each order. */
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 500 };

static unsigned next(unsigned *state) { return *state = *state * 1664525u + 1013904223u; }

static void insertion(int *a, int n)
{
    for (int i = 1; i < n; i++) {
        int v = a[i], j = i - 1;
        while (j >= 0 && a[j] > v) {
            a[j + 1] = a[j];
            j--;
        }
        a[j + 1] = v;
    }
}

static void quick(int *a, int low, int high)
{
    if (low >= high)
        return;
    int pivot = a[(low + high) / 2], i = low, j = high;
    while (i <= j) {
        while (a[i] < pivot) i++;
        while (a[j] > pivot) j--;
        if (i <= j) {
            int t = a[i];
            a[i++] = a[j];
            a[j--] = t;
        }
    }
    quick(a, low, j);
    quick(a, i, high);
}

static int compare(const void *p, const void *q)
{
    int a = *(const int *)p, b = *(const int *)q;
    return (a > b) - (a < b);
}

static unsigned checksum(const int *a, int n)
{
    unsigned sum = 17;
    for (int i = 0; i < n; i++)
        sum = sum * 31 + (unsigned)a[i];
    return sum;
}

int main(void)
{
    static int a[COUNT], b[COUNT], c[COUNT];
    unsigned state = 1;
    for (int i = 0; i < COUNT; i++)
        a[i] = b[i] = c[i] = (int)(next(&state) >> 8) % 10000 - 5000;
    insertion(a, COUNT);
    quick(b, 0, COUNT - 1);
    qsort(c, COUNT, sizeof c[0], compare);
    printf("insertion %08x\nquick     %08x\nqsort     %08x\n", checksum(a, COUNT), checksum(b, COUNT), checksum(c, COUNT));
    return checksum(a, COUNT) != checksum(b, COUNT);
}
