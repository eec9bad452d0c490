// ERROR: the copy of sp is taken before the push
// live-out: x0, sp
str x30, [sp, #-16]!
add x0, sp, #24
// =>
add x0, sp, #24
str x30, [sp, #-16]!
