// ERROR: w8 is live
// live-out: w0, w8
mov w8, #9
mul w0, w0, w8
// =>
add w0, w0, w0, lsl #3
