// ERROR: saturates at 32 bits
// live-out: x0
fcvtzu w0, s0
// =>
fcvtzu x0, s0
