#!/bin/bash
# Fills a folder with the small system that each transcript case gets a copy of:
#   make-image.sh FOLDER AGENT
# busybox for the userland, the few real programs that the cases' setup needs (ip, mkfs.ext4, and a shell that does
# not prefer busybox's own ip to that one), the agent as /usr/sbin/<its name>, and every library that these want, at
# the paths where they look for them.
set -euo pipefail

image=$1
agent=$2

# A program at its place, with the libraries that the dynamic linker would load for it.
add_program() {
    local program=$1 place=$2 library
    install -D -m 755 "$program" "$image$place"
    { ldd "$program" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
        [ -e "$image$library" ] || install -D -m 755 "$library" "$image$library"
    done
}

mkdir -p "$image"/{bin,sbin,usr/bin,usr/sbin,etc,dev,proc,sys,tmp,mnt,var,case,share,home/alice,root}
chmod 1777 "$image/tmp"

busybox=$(command -v busybox)
if ldd "$busybox" >/dev/null 2>&1; then
    echo "make-image.sh: $busybox is not static; install busybox-static" >&2
    exit 1
fi
install -m 755 "$busybox" "$image/bin/busybox"
while read -r applet; do
    [ "$applet" = bin/busybox ] && continue
    ln -sf /bin/busybox "$image/$applet"
done < <("$busybox" --list-full)

# No program that changes the machine is visible; a case that needs one brings a script in its place.
rm -f "$image"/{sbin,bin,usr/sbin,usr/bin}/{shutdown,poweroff,halt,reboot,init,hwclock,chpasswd,passwd,systemctl}
rm -f "$image"/{sbin,bin,usr/sbin,usr/bin}/{pm-is-supported,pm-suspend,pm-hibernate,pm-suspend-hybrid}

rm -f "$image"/{sbin,bin}/ip "$image/sbin/mkfs.ext4"
add_program "$(command -v ip)" /sbin/ip
add_program "$(command -v dash)" /bin/dash
add_program "$(command -v mkfs.ext4)" /sbin/mkfs.ext4
add_program "$agent" "/usr/sbin/$(basename "$agent")"

for device in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0' 'loop-control 10 237'; do
    read -r name major minor <<< "$device"
    mknod -m 666 "$image/dev/$name" c "$major" "$minor"
done
for loop in {0..63}; do
    mknod -m 600 "$image/dev/loop$loop" b 7 "$loop"
done

cat > "$image/etc/passwd" <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
alice:x:1000:1000:Alice:/home/alice:/bin/sh
PASSWD
cat > "$image/etc/group" <<'GROUP'
root:x:0:
alice:x:1000:
GROUP
echo 'passwd: files' > "$image/etc/nsswitch.conf"
# A zone file without transitions: TZ=UTC is looked up, and a failed look-up leaves its mark in errno.
mkdir -p "$image/usr/share/zoneinfo"
{
    printf 'TZif'
    head -c 31 /dev/zero
    printf '\0\0\0\0\1\0\0\0\4'
    printf '\0\0\0\0\0\0UTC\0'
} > "$image/usr/share/zoneinfo/UTC"
cp /etc/mke2fs.conf "$image/etc/" 2>/dev/null || true
chown 1000:1000 "$image/home/alice"
