// ERROR: sixteen bytes
// live-out: sp
str d0, [x0]
// =>
str q0, [x0]
