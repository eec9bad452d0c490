// ERROR: the condition
// live-out: x0
cmp w0, #0
b.ge .L2
// =>
b .L2
