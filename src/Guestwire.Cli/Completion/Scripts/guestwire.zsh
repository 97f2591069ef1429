#compdef guestwire
# Completion of guestwire for zsh: a file named _guestwire in a folder of fpath.

_guestwire() {
    local line value
    local -a open closed open_shown closed_shown
    for line in "${(@f)$("${words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2> /dev/null)}"; do
        value=${line%%$'\t'*}
        [[ -n $value ]] || continue
        # Behind a folder more follows.
        if [[ $value == */ ]]; then
            open+=("$value")
            open_shown+=("${line/$'\t'/  -- }")
        else
            closed+=("$value")
            closed_shown+=("${line/$'\t'/  -- }")
        fi
    done
    if (( ${#open} + ${#closed} == 0 )); then
        _files
        return
    fi
    (( ${#open} )) && compadd -l -S '' -d open_shown -a open
    (( ${#closed} )) && compadd -l -d closed_shown -a closed
    return 0
}

# As a file of fpath this is the function's body; sourced, it introduces itself.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _guestwire "$@"
else
    compdef _guestwire guestwire
fi
