// ERROR: zero less zero is minus zero where rounding is downwards
// live-out: d0
movi d1, #0
fsub d0, d0, d1
fmov d2, #1.0
fmul d0, d0, d2
// =>
fmov d2, #1.0
fmul d0, d0, d2
