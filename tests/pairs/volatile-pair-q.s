// ERROR: one access of sixteen bytes for two of eight
// live-out: sp
// volatile
stp xzr, xzr, [x0]
// =>
movi v0.2d, #0
str q0, [x0]
