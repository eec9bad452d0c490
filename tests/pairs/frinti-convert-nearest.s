// live-out: w0
frinti d0, d0
fcvtzs w0, d0
// =>
frinti d0, d0
fcvtns w0, d0
