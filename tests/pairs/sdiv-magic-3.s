// live-out: w0
mov w8, #3
sdiv w0, w0, w8
// =>
mov w8, #0x5556
movk w8, #0x5555, lsl #16
smull x8, w0, w8
lsr x9, x8, #63
lsr x8, x8, #32
add w0, w8, w9
