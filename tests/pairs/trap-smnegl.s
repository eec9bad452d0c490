// ERROR: signed
// live-out: x0
mov w8, w0
mov w9, w1
mul x8, x8, x9
neg x0, x8
// =>
smnegl x0, w0, w1
