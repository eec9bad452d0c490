// REFUSED: a hint
prfm pldl1keep, [x0]
// =>
nop
