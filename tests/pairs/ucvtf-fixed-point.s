// live-out: d0
fmov d1, #0.5
ucvtf d0, x0
fmul d0, d1, d0
// =>
ucvtf d0, x0, #1
