// live-out: w2, nzcv
ands w3, w0, w1
b.hs .L9
add w2, w2, #1
// =>
ands w3, w0, w1
add w2, w2, #1
