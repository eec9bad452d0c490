// ERROR: sbc takes off the borrow, which is not-C, so that all bits are set where w1 is below w2
// live-out: x0
cmp w1, w2
csetm w0, hs
// =>
cmp w1, w2
sbc w0, wzr, wzr
