// ERROR: the sign fills the top
// live-out: x0
sbfiz x0, x1, #31, #32
// =>
lsl x0, x1, #31
