// ERROR: x30 is live
// live-out: x0, x30
lsl x8, x0, #1
add x0, x8, x1
// =>
lsl x30, x0, #1
add x0, x30, x1
