// ERROR: halfwords with a sign are no numbers without one
// live-out: x0
sxth x8, w1
sxth x9, w2
udiv x0, x8, x9
// =>
sxth w8, w1
sxth w9, w2
udiv w0, w8, w9
