// live-out: x0
fcvt d1, s0
fcvtms x0, d1
// =>
fcvtms x0, s0
