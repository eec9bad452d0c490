// ERROR: one off
// live-out: x0
cmp x0, #0
csneg x0, x1, x2, ge
// =>
cmp x0, #0
csinv x0, x1, x2, ge
