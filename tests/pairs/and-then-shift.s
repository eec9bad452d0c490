// live-out: x0
and x0, x0, #0xff000
lsr x0, x0, #12
// =>
ubfx x0, x0, #12, #8
