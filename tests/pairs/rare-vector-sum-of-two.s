// ERROR: two lanes have a certain sum
// live-out: d0
mov w8, #0x4567
movk w8, #0x123, lsl #16
fmov s2, w8
add v0.2s, v0.2s, v1.2s
sub v0.2s, v0.2s, v2.2s
cmeq v0.2s, v0.2s, #0
// =>
mov w8, #0x4567
movk w8, #0x123, lsl #16
fmov s2, w8
add v0.2s, v0.2s, v1.2s
cmeq v0.2s, v0.2s, #0
sub v1.2s, v1.2s, v1.2s
mov v0.s[0], v1.s[0]
