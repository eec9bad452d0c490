// live-out: x0
mov w0, w0
cbz x0, .L1
// =>
mov w0, w0
cbz w0, .L1
