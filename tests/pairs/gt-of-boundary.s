// ERROR: INT_MAX
// live-out: w0
mov w8, #0x7fffffff
cmp w0, w8
cset w0, ge
// =>
mov w0, #0
