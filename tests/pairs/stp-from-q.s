// live-out: sp
str xzr, [x0]
str xzr, [x0, #8]
movi v0.2d, #0
// =>
movi v0.2d, #0
str q0, [x0]
