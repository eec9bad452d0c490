// live-out: d0
fneg d3, d0
fmadd d0, d3, d1, d2
// =>
fmsub d0, d0, d1, d2
