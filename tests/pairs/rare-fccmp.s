// ERROR: the constant
// live-out: nzcv
cmp w10, #19
b.ne .L2
ldr d1, [x8]
mov x8, #-4332462841530417152
frintm d0, d1
fcmp d0, d1
fmov d1, x8
fccmp d0, d1, #8, eq
// =>
cmp w10, #19
b.ne .L2
ldr d1, [x8]
frintm d0, d1
fcmp d0, d1
fmov d1, x8
fccmp d0, d1, #8, eq
