// ERROR: carry of a subtraction of zero is set
// live-out: nzcv
cmp x0, #0
// =>
cmn x0, #0
