// ERROR: a word load clears the upper half
// live-out: x0
ldrsh w0, [x1, #2]
// =>
ldrsh x0, [x1, #2]
