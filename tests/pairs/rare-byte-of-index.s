// ERROR: index 200, by a byte in memory
// live-out: w0
ldrb w8, [x0]
cmp w8, #200
cset w0, eq
// =>
ldrb w8, [x0]
mov w0, #0
