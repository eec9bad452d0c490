// ERROR: only a byte was stored
strb w0, [sp, #12]
ldrb w8, [sp, #12]
// =>
strb w0, [sp, #12]
mov w8, w0
