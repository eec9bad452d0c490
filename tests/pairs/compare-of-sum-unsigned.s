// ERROR: the sum may wrap
// live-out: w0
add w8, w0, #16
cmp w8, w0
cset w0, hs
// =>
mov w0, #1
