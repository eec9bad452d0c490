// ERROR: that is the lower half
// live-out: x0
str q0, [x1]
ldr x0, [x1, #8]
// =>
str q0, [x1]
fmov x0, d0
