// live-out: x0
and w0, w0, #0xff
lsl x0, x0, #30
// =>
ubfiz x0, x0, #30, #8
