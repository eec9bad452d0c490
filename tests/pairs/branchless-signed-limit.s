// ERROR: INT_MAX alone
// live-out: w0
add w8, w0, #1
eor w8, w8, #0x80000000
clz w8, w8
lsr w0, w8, #5
// =>
mov w0, #0
