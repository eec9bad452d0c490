// ERROR: another register
// live-out: x0
ret
// =>
ret x29
