// ERROR: x8 has a bit above the word
// live-out: x0
ubfx x8, x1, #0, #33
uxth w9, w2
udiv x0, x8, x9
// =>
ubfx x8, x1, #0, #33
uxth w9, w2
udiv w0, w8, w9
