// UNREACHED: the rewrite asks what cannot be
// live-out: w2
add w2, w2, #1
// =>
and w3, w0, #0xff
cmp w3, #256
b.hs .L9
add w2, w2, #1
