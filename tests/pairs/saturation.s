// live-out: w0
cmn w0, #1
cinc w0, w0, ne
// =>
adds w0, w0, #1
csinv w0, w0, wzr, ne
