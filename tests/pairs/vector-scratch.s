// live-out: d0, d8
add v0.2d, v0.2d, v1.2d
// =>
mov v16.16b, v0.16b
add v0.2d, v16.2d, v1.2d
