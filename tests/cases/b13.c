/* llvm-project#100807: two neighbours loaded alone.
 * triple: ldp x9, x10, [x0]; ldp x8, x15, [x1]; umulh x11, x8, x9; mul x12, x8, x9; madd x8, x8, x10, x11; ldp x10, x13, [x2]; umulh x14, x12, x10; madd x8, x15, x9, x8; madd x9, x12, x13, x14; mul x0, x12, x10; madd x1, x8, x10, x9; ret
 * fused: ldp x9, x10, [x0]; ldp x8, x12, [x1]; umulh x11, x8, x9; madd x10, x8, x10, x11; mul x8, x8, x9; madd x9, x12, x9, x10; ldp x10, x11, [x2]; adds x0, x8, x10; adc x1, x9, x11; ret
 */
typedef unsigned __int128 wide;
wide triple(const wide *x, const wide *y, const wide *z) { return *x * *y * *z; }
wide fused(const wide *x, const wide *y, const wide *z) { return *x * *y + *z; }
