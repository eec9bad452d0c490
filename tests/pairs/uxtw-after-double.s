// ERROR: the upper half is set
// live-out: x0
add x0, x0, x1
and x0, x0, #0xffffffff
// =>
add x0, x0, x1
