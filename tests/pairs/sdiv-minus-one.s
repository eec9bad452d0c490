// live-out: w0
mov w8, #-1
sdiv w0, w0, w8
// =>
neg w0, w0
