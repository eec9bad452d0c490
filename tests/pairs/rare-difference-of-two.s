// ERROR: two registers whose difference is a constant
// live-out: w0
sub w8, w0, w1
mov w9, #0xabcd
movk w9, #0x31, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0
