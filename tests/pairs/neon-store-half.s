// ERROR: stores to another size
str q0, [x0]
// =>
str d0, [x0]
