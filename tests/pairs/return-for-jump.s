// ERROR: another kind of exit
// live-out: x0
ret
// =>
br x30
