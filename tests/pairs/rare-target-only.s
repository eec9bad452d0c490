// ERROR: the rewrite has the rare value
// live-out: w0
and w0, w0, #0xff
// =>
and w8, w0, #0xff
mov w9, #0xbeef
movk w9, #0xdead, lsl #16
cmp w0, w9
csel w0, wzr, w8, eq
