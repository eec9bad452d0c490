// ERROR: the areas may overlap
ldr q0, [x0]
str q0, [x1]
ldr q1, [x0, #16]
str q1, [x1, #16]
// =>
ldp q0, q1, [x0]
stp q0, q1, [x1]
