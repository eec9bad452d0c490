// ERROR: the upper half must be zero
// live-out: x0
and w0, w0, #0xff
// =>
and x0, x0, #0xffffffff000000ff
