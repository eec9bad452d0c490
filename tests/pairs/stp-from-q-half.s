// ERROR: eight bytes more
// live-out: sp
str xzr, [x0]
// =>
movi v0.2d, #0
str q0, [x0]
