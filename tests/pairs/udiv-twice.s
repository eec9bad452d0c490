// live-out: w0
mov w8, #10
udiv w0, w0, w8
mov w8, #100
udiv w0, w0, w8
// =>
mov w8, #1000
udiv w0, w0, w8
