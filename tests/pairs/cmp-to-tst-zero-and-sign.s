// live-out: w0, w1
cmp w0, #0
cset w0, mi
cset w1, eq
// =>
tst w0, w0
cset w8, mi
cset w1, eq
mov w0, w8
