// live-out: d0
scvtf d0, w0
fmov d1, #0.25
fmul d0, d0, d1
// =>
scvtf d0, w0, #2
