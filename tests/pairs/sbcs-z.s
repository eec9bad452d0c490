// ERROR: Z is that of the upper half alone
// live-out: x5
subs x0, x0, x2
sbcs x1, x1, x3
cset w5, eq
// =>
cmp x0, x2
ccmp x1, x3, #0, eq
cset w5, eq
