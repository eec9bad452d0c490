// ERROR: sign of the sum
// live-out: d0
fnmadd d0, d0, d1, d2
// =>
fnmsub d0, d0, d1, d2
