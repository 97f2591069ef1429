# Sourced by the commands at the top of the checkout: installs what they need.

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Ends the command with a reason.
fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# Runs a command as root: as it is when we are root, else through sudo, which must not ask for a password when there is
# nobody to type it.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# Installs the packages among the arguments that are missing. Each argument is PROGRAM:PACKAGE, where PROGRAM is what
# shows that the package is there: a name to be found in PATH, or an absolute path.
need() {
    local pair missing=()
    # Programs for root live in folders that other users do not search.
    PATH=$PATH:/usr/sbin:/sbin
    for pair in "$@"; do
        case $pair in
            /*) [ -e "${pair%:*}" ] || missing+=("${pair##*:}") ;;
            *) command -v "${pair%:*}" > /dev/null || missing+=("${pair##*:}") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    command -v apt-get > /dev/null || fail "missing: ${missing[*]} (no apt-get here: install them by hand)"
    echo "Installing ${missing[*]} ..." >&2
    as_root apt-get -qq update >&2 || fail "apt-get update failed"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}" \
        < /dev/null > /dev/null || fail "apt-get could not install ${missing[*]}"
}

# Waits until no other command holds the lock NAME, and holds it until this one ends or unlocks descriptor $turn: what is
# kept under cache/ is made by one, and found by whoever waited.
take_turn() {
    need flock:util-linux
    mkdir -p "$checkout/cache"
    exec {turn}> "$checkout/cache/$1.lock"
    flock "$turn"
}

# The SDK cannot be had from every distribution's own packages, so it is asked for, not installed.
need_dotnet() {
    if ! command -v dotnet > /dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then
        PATH=$PATH:$HOME/.dotnet
    fi
    command -v dotnet > /dev/null \
        || fail "the .NET SDK is missing: https://learn.microsoft.com/dotnet/core/install/linux (version in global.json)"
    (cd "$checkout" && dotnet --version > /dev/null) || fail "no .NET SDK that global.json accepts"
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
}

# What publishing ahead of time links with.
need_linker() {
    command -v clang > /dev/null || need gcc:gcc
    need objcopy:binutils /usr/include/stdlib.h:libc6-dev
}

# busybox-static has no file of its own to tell it from busybox: the program itself is asked.
need_static_busybox() {
    local program
    if ! program=$(command -v busybox) || ldd "$program" > /dev/null 2>&1; then
        need /nonexistent:busybox-static
    fi
}

# libvirt looks for its drivers in the folder of the machine's architecture.
libvirt_qemu_driver() {
    echo "/usr/lib/$(uname -m)-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so"
}

# Database servers for the tests of packaging/hooks, which start their own. What the packages would start as services is not
# started: policy-rc.d is what Debian's tools ask, and it is there only as long as apt is at work, unless there was one.
need_databases() (
    # Debian keeps PostgreSQL's programs out of PATH.
    programs=("$(echo /usr/lib/postgresql/*/bin/postgres | cut -d ' ' -f 1):postgresql" mariadbd:mariadb-server redis-server:redis-server)
    PATH=$PATH:/usr/sbin
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "${programs[0]%:*}" ] || ! command -v mariadbd redis-server > /dev/null; then
        if [ ! -e "$policy" ]; then
            trap 'as_root rm "$policy"' EXIT
            printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
            as_root chmod 755 "$policy"
        fi
    fi
    need "${programs[@]}" setpriv:util-linux
)
