#!/bin/sh
# Installs the Debian packages that peepcc needs (with "test": that its tests need too).
# Does nothing where they are all there; says what is missing where it may not install.
set -eu

packages="clang-19 lld-19 llvm-19 gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user"
if [ "${1:-}" = test ]; then
    packages="$packages csmith libcsmith-dev g++-aarch64-linux-gnu ccache bear cmake meson ninja-build dpkg-dev make autoconf automake libtool tcl gcc libc6-dev"
fi

missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
python3 -c "import ensurepip, venv" 2>/dev/null || missing="$missing python3 python3-venv"
need_source=""
if [ "${1:-}" = test ] && ! grep -rqs "deb-src" /etc/apt/sources.list /etc/apt/sources.list.d; then
    need_source=yes
fi
[ -n "$missing$need_source" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    root=""
elif command -v sudo >/dev/null; then
    root="sudo"
else
    echo "peepcc needs these Debian packages, and this user may not install them:$missing" >&2
    exit 1
fi
# The test programs are fetched as Debian source packages.
if [ -n "$need_source" ]; then
    $root find /etc/apt/sources.list.d -name "*.sources" -exec sed -i 's/^Types: deb$/Types: deb deb-src/' {} +
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list 2>/dev/null | $root tee /etc/apt/sources.list.d/sources-of-packages.list >/dev/null
fi
$root apt-get update -qq
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing
fi
