"""The lock on every rewrite: the assembled object is read back and compared with what was judged."""
