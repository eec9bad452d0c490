// ERROR: x3 is live
mov x0, x0
mov x3, #0
// =>
