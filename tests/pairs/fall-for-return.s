// ERROR: the return
// live-out: x0
ret
// =>
