// ERROR: a half
// live-out: x0
fcvtas x0, d0
// =>
fcvtns x0, d0
