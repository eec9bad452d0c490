// ERROR: another order of additions
// live-out: s0
mov s1, v0.s[1]
fadd s1, s0, s1
mov s2, v0.s[2]
fadd s1, s1, s2
mov s2, v0.s[3]
fadd s0, s1, s2
// =>
faddp v0.4s, v0.4s, v0.4s
faddp s0, v0.2s
