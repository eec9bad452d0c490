// ERROR: the lanes are unsigned
// live-out: q0
uadalp v0.4s, v1.8h
// =>
saddlp v1.4s, v1.8h
add v0.4s, v0.4s, v1.4s
