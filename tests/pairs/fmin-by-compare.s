// ERROR: zeros of both signs, NaN
// live-out: s0
fmin s0, s0, s1
// =>
fcmp s0, s1
fcsel s0, s0, s1, mi
