/* A recursive-descent calculator: parses and evaluates a fixed list of expressions. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static const char *at;

static double expression(void);

static void blank(void)
{
    while (isspace((unsigned char)*at)) at++;
}

static double atom(void)
{
    blank();
    if (*at == '(') {
        at++;
        double v = expression();
        blank();
        if (*at == ')') at++;
        return v;
    }
    if (*at == '-') {
        at++;
        return -atom();
    }
    char *end;
    double v = strtod(at, &end);
    at = end;
    return v;
}

static double term(void)
{
    double v = atom();
    for (;;) {
        blank();
        if (*at == '*') { at++; v *= atom(); }
        else if (*at == '/') { at++; v /= atom(); }
        else return v;
    }
}

static double expression(void)
{
    double v = term();
    for (;;) {
        blank();
        if (*at == '+') { at++; v += term(); }
        else if (*at == '-') { at++; v -= term(); }
        else return v;
    }
}

int main(void)
{
    static const char *const inputs[] = {"1 + 2 * 3", "(1 + 2) * 3", "-(4 - 6) / 8", "2 * (3 + 4) * (5 - 6 / 2)", "1 / 3"};
    for (unsigned i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        at = inputs[i];
        printf("%s = %.6g\n", inputs[i], expression());
    }
    return 0;
}
