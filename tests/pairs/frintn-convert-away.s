// ERROR: ties go to even, not away
// live-out: w0
frintn s0, s0
fcvtzs w0, s0
// =>
fcvtas w0, s0
