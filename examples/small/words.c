/* Counts words with a chained hash table and prints them in order of first appearance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 64 };

typedef struct Entry {
    char word[16];
    int count;
    struct Entry *chain, *after;
} Entry;

static Entry *buckets[BUCKETS], *first, **tail = &first;

static unsigned hash(const char *s)
{
    unsigned h = 5381;
    while (*s)
        h = h * 33 ^ (unsigned char)*s++;
    return h % BUCKETS;
}

static void add(const char *word)
{
    unsigned h = hash(word);
    for (Entry *e = buckets[h]; e; e = e->chain)
        if (!strcmp(e->word, word)) {
            e->count++;
            return;
        }
    Entry *e = calloc(1, sizeof *e);
    if (!e)
        exit(1);
    strncpy(e->word, word, sizeof e->word - 1);
    e->count = 1;
    e->chain = buckets[h];
    buckets[h] = e;
    *tail = e;
    tail = &e->after;
}

int main(void)
{
    static const char text[] = "a block is kept or a block is left and what is left is as clang left it";
    char copy[sizeof text];
    memcpy(copy, text, sizeof text);
    for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
        add(w);
    for (Entry *e = first, *after; e; e = after) {
        printf("%-6s %d\n", e->word, e->count);
        after = e->after;
        free(e);
    }
    return 0;
}
