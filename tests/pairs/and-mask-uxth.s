// ERROR: wrong width
// live-out: w0
and w0, w0, #0xff
// =>
uxth w0, w0
