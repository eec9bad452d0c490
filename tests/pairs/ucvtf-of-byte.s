// live-out: s0
and w0, w0, #0xff
scvtf s0, w0
// =>
and w0, w0, #0xff
ucvtf s0, w0
