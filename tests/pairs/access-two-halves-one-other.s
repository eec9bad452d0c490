// ERROR: the other half is elsewhere
// live-out: x0
ldrh w8, [x1]
ldrh w9, [x2]
orr w0, w8, w9, lsl #16
// =>
ldr w0, [x1]
