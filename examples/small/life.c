/* Conway's Game of Life on a torus: forty generations of a glider and an R-pentomino. */
#include <stdio.h>
#include <string.h>

enum { WIDTH = 48, HEIGHT = 24 };
typedef struct { unsigned char cell[HEIGHT][WIDTH]; } Board;

static int neighbours(const Board *b, int y, int x)
{
    int n = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            if (dy || dx)
                n += b->cell[(y + dy + HEIGHT) % HEIGHT][(x + dx + WIDTH) % WIDTH];
    return n;
}

static Board step(Board now)
{
    Board next;
    memset(&next, 0, sizeof next);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            int n = neighbours(&now, y, x);
            next.cell[y][x] = n == 3 || (n == 2 && now.cell[y][x]);
        }
    return next;
}

int main(void)
{
    Board b;
    memset(&b, 0, sizeof b);
    static const unsigned char points[][2] = {{1, 2}, {2, 3}, {3, 1}, {3, 2}, {3, 3}, {12, 20}, {12, 21}, {13, 19}, {13, 20}, {14, 20}};
    for (unsigned i = 0; i < sizeof points / sizeof points[0]; i++)
        b.cell[points[i][0]][points[i][1]] = 1;
    for (int i = 0; i < 40; i++)
        b = step(b);
    int alive = 0;
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            alive += b.cell[y][x];
            putchar(b.cell[y][x] ? '#' : '.');
        }
        putchar('\n');
    }
    printf("%d alive\n", alive);
    return 0;
}
