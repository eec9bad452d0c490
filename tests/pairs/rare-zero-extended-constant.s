// ERROR: only where the upper half is zero
// live-out: w0
mov x8, #0x4567
movk x8, #0x8123, lsl #16
cmp x0, x8
cset w0, eq
// =>
mov x8, #0x4567
movk x8, #0x8123, lsl #16
cmp w0, w8
cset w0, eq
