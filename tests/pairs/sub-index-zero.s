// ERROR: zero minus one is a large index
// live-out: x0
sub w8, w2, #1
ldr w0, [x1, w8, uxtw #2]
// =>
add x8, x1, w2, uxtw #2
ldur w0, [x8, #-4]
