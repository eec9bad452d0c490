// ERROR: only where the sum is exactly 2**32
// live-out: w0
adds w8, w0, w1
cset w9, eq
cset w10, hs
and w0, w9, w10
// =>
adds w8, w0, w1
mov w0, #0
