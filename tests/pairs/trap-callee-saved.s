// ERROR: x19 is live
// live-out: x0, x19
lsl x8, x0, #1
add x0, x8, x1
// =>
lsl x19, x0, #1
add x0, x19, x1
