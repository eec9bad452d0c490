// live-out: x0
add w0, w0, w1
and x0, x0, #0xffffffff
// =>
add w0, w0, w1
