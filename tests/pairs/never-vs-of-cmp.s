// ERROR: a comparison overflows sometimes
// live-out: w2
cmp w0, w1
cset w2, vs
// =>
mov w2, #0
