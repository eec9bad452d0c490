// ERROR: signed for unsigned
// live-out: q0
ushll v0.4s, v0.4h, #0
// =>
sshll v0.4s, v0.4h, #0
