"""Which Debian source packages the model learns from, and which it is only measured on: a line each.

`WIDER` and `WIDEST` are for `dataset --more` alone: more code in which little can be improved.

The programs on which the whole is measured (Lua, zlib, bzip2, cJSON, jansson, SQLite) are
in no list, and copies of them inside a package are left out; so is what a package that is
learnt from carries of one that is measured on, and the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Package:
    """A source package; `version` is upstream's: Debian's own changes are not used.

    `left_out`: patterns of paths inside it.
    """

    name: str
    version: str
    left_out: tuple[str, ...] = ()


TRAINING = (
    Package("chipmunk", "7.0.3"),
    Package("cmark", "0.30.2"),
    Package("dash", "0.5.12"),
    Package("duktape", "2.7.0"),
    Package("expat", "2.5.0"),
    Package("glpk", "5.0", ("*/src/zlib/*",)),
    Package("http-parser", "2.9.4"),
    Package("libb64", "1.2"),
    Package("libconfuse", "3.3"),
    Package("libdeflate", "1.14"),
    Package("libfann", "2.2.0+ds"),
    Package("libgsm", "1.0.22"),
    Package("liblzf", "3.6"),
    Package("libmikmod", "3.3.11.1"),
    Package("libpng1.6", "1.6.39"),
    Package("libsodium", "1.0.18"),
    Package("libtomcrypt", "1.18.2"),
    Package("libtommath", "1.2.0"),
    Package("libwebp", "1.2.4"),
    Package("libxmp", "4.5.0", ("*/depackers/*",)),
    Package("libyaml", "0.2.5"),
    Package("libzstd", "1.5.4+dfsg2", ("*/zlibWrapper/*",)),
    Package("lzo2", "2.10"),
    Package("mbedtls", "2.28.3"),
    Package("md4c", "0.4.8"),
    Package("mujs", "1.3.2"),
    Package("nanopb", "0.4.7"),
    Package("nettle", "3.8.1"),
    Package("qhull", "2020.2"),
    Package("tidy-html5", "5.6.0"),
    Package("utf8proc", "2.8.0"),
    Package("xxhash", "0.8.1"),
    Package("zopfli", "1.0.3"),
)
WIDER = (
    Package("bearssl", "0.6+dfsg.1"),
    Package("c-blosc", "1.21.3+ds"),
    Package("capstone", "4.0.2"),
    Package("cliquer", "1.21"),
    Package("cmph", "2.0.2"),
    Package("flac", "1.4.2+ds", ("*/md5.c",)),
    Package("judy", "1.0.5"),
    Package("lcms2", "2.14"),
    Package("libsdl2", "2.26.5+dfsg"),
    Package("libsecp256k1", "0.2.0"),
    Package("libsoxr", "0.1.3"),
    Package("libuv1", "1.44.2"),
    Package("lmdb", "0.9.24"),
    Package("lp-solve", "5.5.2.5"),
    Package("mruby", "3.1.0"),
    Package("opus", "1.3.1"),
    Package("picosat", "965"),
    Package("redis", "7.0.15", ("*/deps/*", "*/src/sds*")),
    Package("tcl8.6", "8.6.13+dfsg", ("*/compat/*",)),
    Package("wolfssl", "5.5.4"),
)
WIDEST = (
    Package("cfitsio", "4.2.0"),
    Package("curl", "7.88.1"),
    Package("dnsmasq", "2.90"),
    Package("erfa", "2.0.0"),
    Package("faad2", "2.10.1"),
    Package("flite", "2.2"),
    Package("kissfft", "131.1.0"),
    Package("libfixmath", "0~20220222"),
    Package("libmaxminddb", "1.7.1"),
    Package("libnova", "0.16"),
    Package("libonig", "6.9.8"),
    Package("libsndfile", "1.2.0"),
    Package("libssh2", "1.10.0"),
    Package("libxml2", "2.9.14+dfsg"),
    Package("liquid-dsp", "1.5.0"),
    Package("memcached", "1.6.18"),
    Package("metis", "5.1.0.dfsg"),
    Package("mimalloc", "2.0.9+ds"),
    Package("minimap2", "2.24+dfsg"),
    Package("openjpeg2", "2.5.0", ("*/thirdparty/*",)),
    Package("optipng", "0.7.7", ("*/src/gifread/*", "*/src/zlib/*")),
    Package("qdbm", "1.8.78"),
    Package("simh", "3.8.1"),
    Package("sox", "14.4.2+git20190427"),
    Package("tcc", "0.9.27+git20200814.62c30a4a"),
    Package("tomsfastmath", "0.13.1"),
    Package("tree-sitter", "0.20.7"),
    Package("udns", "0.4"),
    Package("wcslib", "7.12+ds"),
    Package("zint", "2.11.1"),
)
TEST = (
    Package("giflib", "5.2.1"),
    Package("hiredis", "0.14.1"),
    Package("jbigkit", "2.1"),
    Package("libcsv", "3.0.3+dfsg"),
    Package("libmspack", "0.11"),
    Package("libsamplerate", "0.2.2"),
    Package("lz4", "1.9.4", ("*/lib/xxhash.c", "*/tests/*", "*/ossfuzz/*", "*/examples/*")),
    Package("wavpack", "5.6.0"),
)
