// ERROR: the amount counts modulo 64 then
// live-out: x0
ror w0, w1, w2
// =>
mov w8, w1
bfi x8, x1, #32, #32
lsr x0, x8, x2
mov w0, w0
