// ERROR: another part
// live-out: x0
movk x0, #0x1234, lsl #32
// =>
movk x0, #0x1234, lsl #48
