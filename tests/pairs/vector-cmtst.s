// live-out: q0
cmtst v0.4s, v0.4s, v0.4s
// =>
cmeq v0.4s, v0.4s, #0
mvn v0.16b, v0.16b
