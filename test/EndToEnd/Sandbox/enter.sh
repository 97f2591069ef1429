#!/bin/sh
# First process of a sandbox, started by unshare in new mount, pid, uts, ipc and net namespaces:
#   enter.sh IMAGE CASE ROOT
# Makes a root on tmpfs out of IMAGE (at ROOT, an empty folder), copies the folder CASE to /case, leaves the
# machine's own file systems behind and becomes init.sh. Says on standard output which process it is, as seen from outside:
# /proc/<that>/root is the way to look into the sandbox.
set -eu

image=$1
case=$2
root=$3

# A shell's own view of /proc is still the machine's: the first field is our number there.
read -r outside rest < /proc/self/stat

hostname guestwire-sandbox
mount -t tmpfs -o mode=755 sandbox "$root"
cp -a "$image/." "$root/"
cp -a "$case/." "$root/case/"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o ro power "$root/sys/power"

cd "$root"
mkdir old
pivot_root . old
cd /
/bin/busybox umount -l /old
/bin/busybox rmdir /old

# Freezing must never reach a real disk: refuse to go on if one is in sight. Major number 0 is a file system
# without a device.
while read -r id parent device rest; do
    case $device in
        0:*) ;;
        *) echo "enter.sh: a device is mounted in the sandbox: $device $rest" >&2; exit 1 ;;
    esac
done < /proc/self/mountinfo

echo "$outside"
exec /bin/dash /case/init.sh
