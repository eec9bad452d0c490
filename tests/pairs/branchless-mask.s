// ERROR: all ones
// live-out: x0
cmn x0, #1
csetm x8, eq
mov x9, #0x1111
and x0, x8, x9
// =>
mov x0, #0
