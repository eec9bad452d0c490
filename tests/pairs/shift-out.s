// live-out: w0
lsl w0, w0, #20
lsl w0, w0, #12
// =>
mov w0, #0
