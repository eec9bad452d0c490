// ERROR: the second load after the first store
// live-out: sp
ldr q0, [x1]
ldr q1, [x1, #16]
str q0, [x0]
str q1, [x0, #16]
// =>
ldr q0, [x1]
str q0, [x0]
ldr q1, [x1, #16]
str q1, [x0, #16]
