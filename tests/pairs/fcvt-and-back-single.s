// ERROR: a signalling NaN
// live-out: s0
fcvt d0, s0
fcvt s0, d0
// =>
fmov s0, s0
