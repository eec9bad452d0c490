// ERROR: clears the upper half
// live-out: x0
movk x0, #0x1234, lsl #16
// =>
movk w0, #0x1234, lsl #16
