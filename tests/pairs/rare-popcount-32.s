// ERROR: only where every bit is set
// live-out: w0
fmov d0, x0
cnt v0.8b, v0.8b
uaddlv h0, v0.8b
fmov w8, s0
cmp w8, #64
cset w0, eq
// =>
mov w0, #0
