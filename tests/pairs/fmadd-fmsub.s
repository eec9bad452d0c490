// ERROR: sign
// live-out: d0
fmadd d0, d0, d1, d2
// =>
fmsub d0, d0, d1, d2
