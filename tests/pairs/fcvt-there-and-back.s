// ERROR: the precision is lost
// live-out: d0
fcvt s0, d0
fcvt d0, s0
// =>
fmov d0, d0
