// ERROR: signed for unsigned
// live-out: w0
and w0, w0, #0xff
// =>
sxtb w0, w0
