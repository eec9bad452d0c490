// ERROR: another count
// live-out: d0
cnt v0.8b, v0.8b
// =>
clz v0.8b, v0.8b
