#!/bin/bash
# Runs a script in a copy of a Debian system, in namespaces that unshare made: inside-root.sh ROOT WORKSPACE PACKAGES SCRIPT
# The copy is an overlay whose upper layer is in memory: ROOT stays as it is, and nothing outlives the script.
#   WORKSPACE  an empty folder to mount upon
#   PACKAGES   a folder with packages, which apt finds in /mnt
set -euo pipefail

mount -t tmpfs none "$2"
mkdir "$2"/{changes,work,root}
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/changes,workdir=$2/work" "$2/root"
mount --bind "$3" "$2/root/mnt"
mount -t proc proc "$2/root/proc"
mount -t tmpfs none "$2/root/dev"
mkdir "$2/root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$2/root/dev/pts"
ln -s pts/ptmx "$2/root/dev/ptmx"
mknod -m 666 "$2/root/dev/null" c 1 3
cd /
export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec chroot "$2/root" sh -euc "$4" < /dev/null
