// ERROR: a carry comes from below
// live-out: x0
add w8, w1, w2
ubfx w0, w8, #8, #8
// =>
ubfx w8, w1, #8, #8
ubfx w9, w2, #8, #8
add w0, w8, w9
