// ERROR: one remainder in 100003
// live-out: w0
mov w8, #0x86a3
movk w8, #1, lsl #16
udiv w9, w0, w8
msub w9, w9, w8, w0
mov w10, #54321
cmp w9, w10
cset w0, eq
// =>
mov w0, #0
