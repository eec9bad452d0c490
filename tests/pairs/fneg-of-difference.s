// ERROR: zero where both are equal
// live-out: d0
fsub d0, d0, d1
fneg d0, d0
// =>
fsub d0, d1, d0
