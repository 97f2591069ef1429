#!/bin/bash
# What a script gets that has socat and base64 and no client: files into a guest and out of it, piece by piece, over one
# connection. It keeps neither modes nor times. Called by the group "copy" of bench/run.
# usage: copy.sh SOCKET in|out SOURCE TARGET    SOURCE is a file, or a folder whose files go one after the other
set -euo pipefail

coproc wire { exec socat - "UNIX-CONNECT:$1"; }

ask() {
    printf '{"execute": "guest-file-%s", "arguments": {%s}}\n' "$1" "$2" >&"${wire[1]}"
    IFS= read -r reply <&"${wire[0]}"
}

open() {
    ask open "\"path\": \"$1\", \"mode\": \"$2\""
    handle=${reply//[!0-9]/}
}

copy_in() {
    local piece
    open "$2" w
    while piece=$(head -c 1048576 | base64 -w 0) && [ -n "$piece" ]; do
        ask write "\"handle\": $handle, \"buf-b64\": \"$piece\""
    done < "$1"
    ask close "\"handle\": $handle"
}

copy_out() {
    open "$1" r
    while ask read "\"handle\": $handle, \"count\": 65536"; do
        sed 's/.*"buf-b64": "\([^"]*\)".*/\1/' <<< "$reply" | base64 -d
        [[ $reply != *'"eof": true'* ]] || break
    done > "$2"
    ask close "\"handle\": $handle"
}

if [ -d "$3" ]; then
    mkdir -p "$4"
    for file in "$3"/*; do
        "copy_$2" "$file" "$4/${file##*/}"
    done
else
    "copy_$2" "$3" "$4"
fi
