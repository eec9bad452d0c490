// ERROR: the other factor may be negative
// live-out: x0
ubfx w1, w1, #0, #31
umaddl x0, w1, w2, x3
// =>
ubfx w1, w1, #0, #31
smaddl x0, w1, w2, x3
