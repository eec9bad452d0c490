// ERROR: of another width
// live-out: d0
urhadd v0.4h, v0.4h, v1.4h
// =>
urhadd v0.2s, v0.2s, v1.2s
