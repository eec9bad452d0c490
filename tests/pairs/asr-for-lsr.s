// ERROR: signed for unsigned
// live-out: x0
lsr x0, x0, #63
// =>
asr x0, x0, #63
