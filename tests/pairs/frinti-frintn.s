// ERROR: rounding as set
// live-out: d0
frinti d0, d0
// =>
frintn d0, d0
