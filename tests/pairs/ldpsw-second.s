// ERROR: the second is not extended
// live-out: x0, x2
ldrsw x0, [x1]
ldr w2, [x1, #4]
// =>
ldpsw x0, x2, [x1]
