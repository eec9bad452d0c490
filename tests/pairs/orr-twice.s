// ERROR: bits that were set
// live-out: x0
orr x0, x0, x1
eor x0, x0, x1
// =>
