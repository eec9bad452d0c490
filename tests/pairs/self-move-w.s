// ERROR: the upper half
mov w3, w3
// =>
