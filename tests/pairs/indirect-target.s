// ERROR: another address
// live-out: x0
br x8
// =>
add x8, x8, #4
br x8
