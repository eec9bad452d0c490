// ERROR: the first register takes the lower word
// live-out: x0, x1
// volatile
ldp w0, w1, [x2]
// =>
ldp w1, w0, [x2]
