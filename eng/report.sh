# Sourced by ./check: runs steps, counts what passed and failed, says how long each took.

passed=0
failed=0
results=$(mktemp -d)
trap 'as_root rm -rf "$results"' EXIT

# What a test run is started with: nothing, or sudo.
runner=()

# Begins a step: its name stands in the output before what it prints.
begin() {
    step=$1
    step_started=$SECONDS
    printf '\n== %s\n' "$step"
}

# Ends a step with what it adds to the sums.
finish() {
    local good=$1 bad=$2
    passed=$((passed + good))
    failed=$((failed + bad))
    printf '   %s: %d passed, %d failed, %d s\n' "$step" "$good" "$bad" $((SECONDS - step_started))
}

# A step that is one command: passes when the command does.
one() {
    begin "$1"
    shift
    if "$@"; then
        finish 1 0
    else
        finish 0 1
    fi
}

# The sum of one attribute of the Counters elements in test result files; 0 without any.
count() {
    local attribute=$1
    shift
    cat "$@" /dev/null 2> /dev/null | sed -n "s/.*<Counters.* $attribute=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

# A step that is a test project: tests NAME PROJECT [arguments of dotnet test ...]. A run without a single test failed,
# and so did one that broke off. One that hangs is broken off, and says in which test.
tests() {
    local name=$1 project=$2 status=0 total good bad
    shift 2
    begin "$name"
    local folder="$results/$name"
    mkdir -p "$folder"
    "${runner[@]}" dotnet test "$project" --no-build --nologo --verbosity quiet --logger "trx;LogFileName=results.trx" --logger "console;verbosity=minimal" \
        --blame-hang-timeout 15m --blame-hang-dump-type none --results-directory "$folder" "$@" < /dev/null > "$folder.log" 2>&1 || status=$?
    total=$(count total "$folder/results.trx")
    good=$(count passed "$folder/results.trx")
    bad=$((total - good))
    if [ "$status" -ne 0 ] || [ "$bad" -gt 0 ]; then
        # The messages without the stack traces' middle, which says nothing to a reader of a long log.
        grep -v '^ *at \(System\|Xunit\|Microsoft\)\.' "$folder.log" || true
    fi
    if [ "$total" -eq 0 ]; then
        echo "no test has run"
        bad=1
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "the run broke off with status $status"
        bad=1
    fi
    finish "$good" "$bad"
}

# The last line, and the status of the whole.
conclude() {
    printf '\n%d s altogether\n' "$SECONDS"
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
