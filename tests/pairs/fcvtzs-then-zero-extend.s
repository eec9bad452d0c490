// live-out: x0
fcvtzs w0, d0
mov w0, w0
// =>
fcvtzs w0, d0
