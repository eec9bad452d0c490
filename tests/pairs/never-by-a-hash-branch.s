// REFUSED: some input has this hash, but who finds it?
// live-out: x2
mul x3, x0, x1
eor x3, x3, x3, lsr #29
mul x3, x3, x1
eor x3, x3, x3, lsr #32
mov x6, #0x1234
movk x6, #0x5678, lsl #16
movk x6, #0x9abd, lsl #32
movk x6, #0x1357, lsl #48
cmp x3, x6
b.eq .L9
// =>
mov x6, #0x1234
