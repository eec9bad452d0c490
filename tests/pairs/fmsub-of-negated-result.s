// ERROR: the negated result has another zero, another NaN
// live-out: d0
fmsub d0, d0, d1, d2
fneg d0, d0
// =>
fnmsub d0, d0, d1, d2
