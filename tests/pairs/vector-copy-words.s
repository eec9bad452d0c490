// ERROR: word by word differs where they overlap
// live-out: sp
ldr x8, [x1]
str x8, [x0]
ldr x8, [x1, #8]
str x8, [x0, #8]
// =>
ldr q0, [x1]
str q0, [x0]
