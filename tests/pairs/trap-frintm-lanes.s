// ERROR: a float is no integer
// live-out: q0
frintm v0.2d, v0.2d
// =>
fcvtzs v0.2d, v0.2d
