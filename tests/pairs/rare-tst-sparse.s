// ERROR: eight bits that must be clear, and are so in one state of 256
// live-out: w0
mov w8, #0x4921
movk w8, #0x1248, lsl #16
tst w0, w8
cset w0, eq
// =>
mov w0, #0
