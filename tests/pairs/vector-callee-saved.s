// ERROR: d8 is live
// live-out: d0, d8
add v0.2d, v0.2d, v1.2d
// =>
mov v8.16b, v0.16b
add v0.2d, v8.2d, v1.2d
