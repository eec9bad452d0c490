// ERROR: the upper lane
// live-out: q0
facgt v0.2d, v0.2d, v1.2d
// =>
facgt d0, d0, d1
