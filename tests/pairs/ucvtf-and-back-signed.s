// ERROR: numbers above the largest signed one
// live-out: w0
ucvtf d0, w0
fcvtzs w0, d0
// =>
