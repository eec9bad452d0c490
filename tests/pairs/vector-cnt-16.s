// live-out: q0
cnt v0.16b, v0.16b
uaddlp v0.8h, v0.16b
// =>
cnt v0.16b, v0.16b
movi v1.16b, #1
umull v2.8h, v0.8b, v1.8b
umull2 v3.8h, v0.16b, v1.16b
addp v0.8h, v2.8h, v3.8h
