"""One file, one family of templates; each has its tuple `TEMPLATES`."""
