# The sandbox's own part: prepares the case, runs the agent, and serves the player's wishes.
# Beside it in /case: setup.sh (the case's own preparation) and agent.sh (starts the agent in this shell's place).
# Leaves there: pid (the agent's number), stdout, stderr, status (once the agent has ended).
# Standard input carries the player's wishes, one a line; its end ends the sandbox, and with this first process
# everything in it.

unset OLDPWD
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TZ=UTC
cd /

. /case/setup.sh > /case/setup.log 2>&1

(
    sh /case/agent.sh < /dev/null > /case/stdout 2> /case/stderr &
    echo $! > /case/pid.new
    mv /case/pid.new /case/pid
    wait $!
    echo $? > /case/status.new
    mv /case/status.new /case/status
) &

while read -r wish value; do
    case $wish in
        signal) kill "-$value" "$(cat /case/pid)" ;;
    esac
done

# A frozen file system would outlive its last mount, and its loop device with it.
while read -r device mountpoint rest; do
    case $device in
        /dev/loop*) fsfreeze --unfreeze "$(printf "$mountpoint")" 2> /dev/null ;;
    esac
done < /proc/mounts
exit 0
