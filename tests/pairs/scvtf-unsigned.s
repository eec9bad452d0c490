// ERROR: unsigned for signed
// live-out: d0
scvtf d0, w0
// =>
ucvtf d0, w0
