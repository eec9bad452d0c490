// live-out: q0
cmlt v1.4s, v0.4s, #0
eor v0.16b, v0.16b, v1.16b
sub v0.4s, v0.4s, v1.4s
// =>
abs v0.4s, v0.4s
