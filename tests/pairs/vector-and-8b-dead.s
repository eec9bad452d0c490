// live-out: d0
and v0.16b, v0.16b, v1.16b
// =>
and v0.8b, v0.8b, v1.8b
