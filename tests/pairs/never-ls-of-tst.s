// UNREACHED: ls is no C or Z
// live-out: x2
tst w0, w0
csetm x2, ls
// =>
mov x2, #-1
