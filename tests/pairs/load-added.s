// ERROR: an access that was not there
// live-out: x0
add x0, x0, #1
// =>
ldr x8, [x1]
add x0, x0, #1
