# Completion of guestwire for bash: source this file.

_guestwire() {
    local piece word='' line value
    local -a words=()

    # bash parts words at colons and equals signs; guestwire wants them whole.
    local i glue=false
    for ((i = 1; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        if [[ $piece == [:=]* && ${#words[@]} -gt 0 ]]; then
            words[-1]+=$piece
            glue=true
        elif $glue; then
            words[-1]+=$piece
            glue=false
        else
            words+=("$piece")
        fi
        [[ $piece == *[:=] ]] || glue=false
    done

    # What bash puts in the place of its last piece must not have what stands before that piece.
    piece=${COMP_WORDS[COMP_CWORD]}
    word=${words[-1]-}
    [[ $piece == [:=] ]] && piece=''
    local before=${word%"$piece"}

    words[-1]=${word//\\/}
    COMPREPLY=()
    while IFS= read -r line; do
        value=${line%%$'\t'*}
        value=${value#"${before//\\/}"}
        printf -v value %q "$value"
        COMPREPLY+=("$value")
    done < <("$1" complete -- "${words[@]}" 2> /dev/null)

    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then
        compopt -o nospace 2> /dev/null
    fi
}

complete -o bashdefault -o default -F _guestwire guestwire
