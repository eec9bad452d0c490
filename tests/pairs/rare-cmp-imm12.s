// ERROR: one value in 2**64
// live-out: x0
cmp x0, #0xabc
cset x0, eq
// =>
mov x0, #0
