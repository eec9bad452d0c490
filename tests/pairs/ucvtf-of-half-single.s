// live-out: w0
and w0, w0, #0xffff
ucvtf s0, w0
fcvtzs w0, s0
// =>
and w0, w0, #0xffff
