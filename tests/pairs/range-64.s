// ERROR: compared as words
// live-out: w0
cmp x0, #0
cset w8, ge
cmp x0, #99
cset w9, le
and w0, w8, w9
// =>
cmp w0, #100
cset w0, lo
