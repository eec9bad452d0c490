// ERROR: 255 goes the other way
// live-out: w2
add w2, w2, #1
// =>
and w3, w0, #0xff
cmp w3, #255
b.hs .L9
add w2, w2, #1
