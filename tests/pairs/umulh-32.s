// live-out: w0
mov w0, w0
mov w1, w1
mul x0, x0, x1
lsr x0, x0, #32
// =>
umull x0, w0, w1
lsr x0, x0, #32
