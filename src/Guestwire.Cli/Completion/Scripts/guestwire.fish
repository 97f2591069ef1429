# Completion of guestwire for fish: ~/.config/fish/completions/guestwire.fish

function __guestwire_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l word (commandline --current-token --cut-at-cursor)
    set -l found (command $words[1] complete -- $words[2..-1] "$word" 2> /dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$word"
    end
end

complete --command guestwire --no-files --arguments '(__guestwire_complete)'
