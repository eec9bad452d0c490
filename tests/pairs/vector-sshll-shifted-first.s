// ERROR: the bits that the lane loses are kept
// live-out: q0
sshll v0.4s, v1.4h, #3
// =>
shl v1.4h, v1.4h, #3
sshll v0.4s, v1.4h, #0
