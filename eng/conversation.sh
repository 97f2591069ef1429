# Sourced by ./demo: a host's side of a conversation with an agent, over socat, shown as it goes.

# Bytes, not characters: the sentinel is no UTF-8.
export LC_ALL=C
sentinel=$'\xff'

# Opens the conversation over a unix socket, waiting until somebody listens there.
open_conversation() {
    local socket=$1 patience=${2:-10} started=$SECONDS
    until [ -S "$socket" ]; do
        [ $((SECONDS - started)) -lt "$patience" ] || fail "nobody listens on $socket"
        sleep 0.05
    done
    coproc socat { socat - "UNIX-CONNECT:$socket"; }
    conversation_pid=$socat_PID
    exec {to_agent}>&"${socat[1]}" {from_agent}<&"${socat[0]}"
}

close_conversation() {
    exec {to_agent}>&- {from_agent}<&-
    kill "$conversation_pid" 2> /dev/null || true
    wait "$conversation_pid" 2> /dev/null || true
}

# Spreads JSON over lines; what fits on one stays there.
pretty() {
    awk '
    { text = $0; at = 1; print_value(0, "") }
    # The end of the value that begins at position p.
    function end_of(p,   c, depth, quoted) {
        for (; p <= length(text); p++) {
            c = substr(text, p, 1)
            if (quoted) { if (c == "\\") p++; else if (c == "\"") quoted = 0; continue }
            if (c == "\"") quoted = 1
            else if (c == "{" || c == "[") depth++
            else if (c == "}" || c == "]") { if (depth-- == 0) return p - 1; if (depth == 0) return p }
            else if (c == "," && depth == 0) return p - 1
        }
        return length(text)
    }
    function indent(n,   s) { while (n-- > 0) s = s "  "; return s }
    function print_value(level, prefix,   stop, first, last, name_end, closer) {
        first = substr(text, at, 1); stop = end_of(at)
        if ((first != "{" && first != "[") || stop - at < 110) {
            print indent(level) prefix substr(text, at, stop - at + 1) (substr(text, stop + 1, 1) == "," ? "," : "")
            at = stop + 1
            return
        }
        print indent(level) prefix first
        closer = first == "{" ? "}" : "]"
        at++
        while (substr(text, at, 1) != closer) {
            if (substr(text, at, 1) == "," || substr(text, at, 1) == " ") { at++; continue }
            if (first == "{") {
                name_end = at + index(substr(text, at + 1), "\"")
                last = substr(text, at, name_end - at + 1) ": "
                at = name_end + 3
            } else last = ""
            print_value(level + 1, last)
        }
        at++
        print indent(level) closer (substr(text, at, 1) == "," ? "," : "")
    }'
}

# Shows one line of the conversation: show ARROW LINE. The sentinel is shown as FF, long replies are cut.
show() {
    local arrow=$1 line=$2 mark=
    if [ "${line:0:1}" = "$sentinel" ]; then
        mark='FF '
        line=${line:1}
    fi
    printf '%s' "$line" | pretty | awk -v arrow="$arrow $mark" '
        NR <= 14 { print (NR == 1 ? arrow : "   ") $0 }
        END { if (NR > 14) printf "    ... %d lines more\n", NR - 14 }'
}

# Reads one reply line into $reply and shows it.
hear() {
    IFS= read -r -t 30 -u "$from_agent" reply || fail "the agent did not answer"
    show '<-' "$reply"
}

# Sends one request and hears its reply.
ask() {
    show '->' "$1"
    printf '%s\n' "$1" >&"$to_agent"
    hear
}

# What the agent returned, when it is a number or a member of that name is: returned [MEMBER]
returned() {
    local pattern='"return": ([0-9]+)'
    [ $# -eq 0 ] || pattern="\"$1\": \"?([A-Za-z0-9+/=]+)"
    [[ $reply =~ $pattern ]] || fail "cannot find ${1:-a number} in the reply"
    printf '%s' "${BASH_REMATCH[1]}"
}

note() {
    printf '\n# %s\n' "$*"
}
