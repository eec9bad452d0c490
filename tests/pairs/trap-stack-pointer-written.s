// ERROR: sp, although nobody named it
// live-out: x0
mov x0, x1
// =>
mov x0, x1
mov sp, x1
