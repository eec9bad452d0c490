strb w0, [sp, #12]
ldrb w8, [sp, #12]
// =>
strb w0, [sp, #12]
and w8, w0, #0xff
