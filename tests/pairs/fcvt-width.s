// ERROR: rounding
// live-out: d0
fcvt s0, d0
fcvt d0, s0
// =>
