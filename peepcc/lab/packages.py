"""Which Debian source packages the model learns from, and which it is only measured on.

The test programs of this project (Lua, zlib, bzip2, cJSON, jansson, SQLite) are in neither.
"""

PACKAGES = (
    "chipmunk", "duktape", "expat", "http-parser", "libdeflate", "libgsm", "libpng1.6", "libsodium", "libtomcrypt", "libtommath", "libwebp",
    "libyaml", "libzstd", "lzo2", "mbedtls", "md4c", "mujs", "nettle", "qhull", "tidy-html5", "utf8proc", "xxhash", "zopfli",
)
HELD_OUT = ("giflib", "lz4")
