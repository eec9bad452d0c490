// ERROR: ties go away, not to even
// live-out: w0
frinta d0, d0
fcvtzs w0, d0
// =>
fcvtns w0, d0
