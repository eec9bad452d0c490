// ERROR: signed for unsigned
// live-out: w0
udiv w0, w0, w1
// =>
sdiv w0, w0, w1
