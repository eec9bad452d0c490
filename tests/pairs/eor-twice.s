// live-out: x0
eor x0, x0, x1
eor x0, x0, x1
// =>
