// ERROR: a sum of two bytes reaches 256
// live-out: w2
and w3, w0, #0xff
and w4, w1, #0xff
add w3, w3, w4
cmp w3, #256
cset w2, lo
// =>
mov w2, #1
