// ERROR: signed for unsigned where two rare values meet
add x8, x8, #1
cmp x0, x8
b.ne .L2
ldur x8, [x29, #-48]
ldurb w9, [x29, #-40]
scvtf d0, x8
fmov d1, x8
cmp w9, #3
fcsel d0, d0, d1, eq
// =>
add x8, x8, #1
cmp x0, x8
b.ne .L2
ldur x8, [x29, #-48]
ldurb w9, [x29, #-40]
ucvtf d0, x8
fmov d1, x8
cmp w9, #3
fcsel d0, d0, d1, eq
