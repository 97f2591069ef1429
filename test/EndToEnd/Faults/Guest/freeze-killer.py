"""Runs in the guest: kills the agent at a moment that the host names, and looks at what it leaves before the next one starts.

freeze-killer.py PORT GATE MARKER HOOK_CALLS DIRECTORY...

The host speaks lines of JSON on a virtio-serial port, as it does with the agent, so both hear of things in the order in
which it says them. {"kill-after": SECONDS} is answered, when another agent runs and a file has been written in each
directory, with {"frozen": [DIRECTORY, ...], "marker": true}: where a write had to wait and whether the marker was there
between the two agents. Anything else is answered with {"marker": ..., "hook": the hook's last call}.
GATE is a fifo that the service reads from before it starts.
"""
import json
import os
import signal
import sys
import time

PORT, GATE, MARKER, HOOK_CALLS, *DIRECTORIES = sys.argv[1:]
PROCESSES = "/sys/fs/cgroup/system.slice/qemu-guest-agent.service/cgroup.procs"


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        # A process or a group of them that goes away meanwhile: not there, no such process, no such device.
        return ""


def wait_for_agent():
    # Its children are not started by systemd, and what comes before it has another name.
    while True:
        for pid in read(PROCESSES).split():
            fields = read(f"/proc/{pid}/stat").rpartition(")")
            if fields[0].endswith("(guestwire-agent") and fields[2].split()[1] == "1":
                return int(pid)
        time.sleep(0.005)


def start_writer(directory):
    pid = os.fork()
    if pid == 0:
        path = directory + "/written"
        with open(path, "w") as file:
            file.write("written")
        os.remove(path)
        os._exit(0)
    return pid


def waits_for_thaw(pid):
    # Asleep on a lock of the kernel's where a file waits before it is opened for writing. Source: mnt_want_write in fs/namespace.c.
    return read(f"/proc/{pid}/wchan").startswith("percpu_rwsem") and "mnt_want_write" in read(f"/proc/{pid}/stack")


def is_blocked(pid):
    # Nothing thaws meanwhile: what waits for a thaw does so whenever it is looked at.
    looks = 0
    while looks < 5:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return False
        looks = looks + 1 if waits_for_thaw(pid) else 0
        time.sleep(0.002)
    return True


def kill(after):
    pid = wait_for_agent()
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    while os.path.exists(f"/proc/{pid}"):
        time.sleep(0.001)
    marker = os.path.exists(MARKER)
    writers = {directory: start_writer(directory) for directory in DIRECTORIES}
    frozen = [directory for directory, writer in writers.items() if is_blocked(writer)]
    while any("fsfreeze-hook" in read(f"/proc/{other}/cmdline") for other in read(PROCESSES).split()):
        # A hook outlives the agent that called it. What it has to say comes before what the next one is told.
        time.sleep(0.002)
    with open(GATE, "w"):
        pass
    for directory, writer in writers.items():
        if os.waitpid(writer, 0)[1] != 0:
            raise OSError("cannot write in " + directory)
    wait_for_agent()
    return {"frozen": frozen, "marker": marker}


def look():
    return {"marker": os.path.exists(MARKER), "hook": (read(HOOK_CALLS).split() or ["none"])[-1]}


with open(PORT, "r+b", buffering=0) as port:
    heard = b""
    while piece := port.read(4096):
        *lines, heard = (heard + piece).split(b"\n")
        for line in lines:
            order = json.loads(line)
            answer = kill(order["kill-after"]) if "kill-after" in order else look()
            port.write(json.dumps(answer).encode() + b"\n")
