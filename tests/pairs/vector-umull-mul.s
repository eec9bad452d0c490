// ERROR: the upper half of the products
// live-out: q0
umull v0.4s, v0.4h, v1.4h
// =>
smull v0.4s, v0.4h, v1.4h
