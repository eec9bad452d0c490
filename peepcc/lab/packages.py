"""Which Debian source packages the model learns from, and which it is only measured on.

The test programs of this project (Lua, zlib, bzip2, cJSON, jansson, SQLite) are in neither.
"""

PACKAGES = ("duktape", "libdeflate", "libtomcrypt", "libtommath", "libzstd", "lzo2", "mujs", "xxhash")
HELD_OUT = ("giflib", "lz4")
