// ERROR: each second half only
// live-out: q0
bic v0.4s, #255, lsl #8
// =>
bic v0.8h, #255
