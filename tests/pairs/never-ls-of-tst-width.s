// ERROR: csetm of w clears the upper half
// live-out: x2
tst w0, w0
csetm w2, ls
// =>
mov x2, #-1
