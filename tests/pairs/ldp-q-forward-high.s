// ERROR: that is the first of the two
// live-out: q1
stp q0, q1, [x1]
ldr q1, [x1]
// =>
stp q0, q1, [x1]
