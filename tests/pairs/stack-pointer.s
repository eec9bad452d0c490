// live-out: sp
add x8, sp, #16
mov sp, x8
// =>
add sp, sp, #16
