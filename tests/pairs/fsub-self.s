// ERROR: NaN and infinity
// live-out: d0
fsub d0, d0, d0
// =>
movi d0, #0
