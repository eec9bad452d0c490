// ERROR: bits 32 to 37 are lost
// live-out: x0
and w0, w0, #0xff
lsl x0, x0, #30
// =>
ubfiz w0, w0, #30, #2
