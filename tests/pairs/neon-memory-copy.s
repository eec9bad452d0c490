// live-out: q0
ldr q0, [x0]
str q0, [x1]
// =>
ldp x8, x9, [x0]
stp x8, x9, [x1]
ldr q0, [x1]
