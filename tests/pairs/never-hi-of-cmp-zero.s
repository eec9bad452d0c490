// ERROR: a comparison with zero sets C, so hi is ne
// live-out: w2
cmp w0, #0
cset w2, hi
// =>
mov w2, #0
