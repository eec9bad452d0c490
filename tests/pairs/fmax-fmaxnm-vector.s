// ERROR: a quiet NaN in a lane
// live-out: q0
fmaxnm v0.2d, v0.2d, v1.2d
// =>
fmax v0.2d, v0.2d, v1.2d
