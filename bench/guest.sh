# Sourced by bench/run: one guest with both agents in it, each on a virtio-serial port of its own.

reference_port=org.guestwire.bench.0

# Boots it in FOLDER: boot_guest AGENT REFERENCE FOLDER. Then our agent is behind FOLDER/agent.sock, the reference behind
# FOLDER/reference.sock, and $machine is the process to end.
boot_guest() {
    local agent=$1 folder=$3 accelerator reply
    need qemu-system-x86_64:qemu-system-x86 socat:socat cpio:cpio xz:xz-utils zstd:zstd
    need_static_busybox
    # A name that no agent under test has.
    cp "$2" "$folder/reference"
    eng/guest-image "$agent" "$folder" "$folder/reference"
    accelerator=$(eng/guest-accelerator "$folder")
    echo "Booting a guest under QEMU ($accelerator) ..." >&2
    eng/guest-run "$folder" "$accelerator" 7200 \
        -chardev "socket,id=reference,path=reference.sock,server=on,wait=off" \
        -device "virtserialport,bus=ports.0,nr=2,chardev=reference,name=$reference_port" > "$folder/qemu.log" 2>&1 &
    machine=$!
    until grep -qs 'The guest is up' "$folder/console.log"; do
        kill -0 "$machine" 2> /dev/null || { cat "$folder/qemu.log" >&2; fail "the guest did not boot"; }
        sleep 0.2
    done

    # The init has started our agent. The reference is started by the shell on the second serial line.
    open_conversation "$folder/shell.sock"
    printf '%s\n' "mkdir -p /run/reference; reference -m virtio-serial -p /dev/virtio-ports/$reference_port -t /run/reference < /dev/null > /dev/null 2>&1 & echo started" >&"$to_agent"
    IFS= read -r -t 60 -u "$from_agent" reply && [ "$reply" = started ] || fail "the guest's shell does not answer"
    close_conversation
    unset conversation_pid
}
