// ERROR: the sum is INT_MIN
// live-out: w0
add w8, w0, w1
cmp w8, #0
cneg w8, w8, mi
lsr w0, w8, #31
// =>
mov w0, #0
