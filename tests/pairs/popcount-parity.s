// ERROR: the top byte is not folded
// live-out: w0
eor w0, w0, w0, lsr #16
eor w0, w0, w0, lsr #8
eor w0, w0, w0, lsr #4
eor w0, w0, w0, lsr #2
eor w0, w0, w0, lsr #1
and w0, w0, #1
// =>
and w0, w0, #0xffffff
eor w0, w0, w0, lsr #16
eor w0, w0, w0, lsr #8
eor w0, w0, w0, lsr #4
eor w0, w0, w0, lsr #2
eor w0, w0, w0, lsr #1
and w0, w0, #1
