// live-out: q0
uaddlp v0.8h, v0.16b
uaddlp v0.4s, v0.8h
addv s0, v0.4s
// =>
uaddlv h0, v0.16b
