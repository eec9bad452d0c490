// ERROR: right for fifteen bits only
// live-out: w0
mov w8, #3
udiv w0, w0, w8
// =>
mov w8, #0xaaab
mul w8, w0, w8
lsr w0, w8, #17
