// live-out: w0
rev x0, x0
lsr x0, x0, #32
// =>
rev w0, w0
