// ERROR: another address
// live-out: x0
ret
// =>
ret x1
