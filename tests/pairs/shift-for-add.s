// live-out: x0
add x0, x0, x0
// =>
lsl x0, x0, #1
