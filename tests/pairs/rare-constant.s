// ERROR: one value in four billion
// live-out: w0
mov w8, #0xbeef
movk w8, #0xdead, lsl #16
cmp w0, w8
csinc w0, w0, wzr, ne
// =>
