namespace Guestwire.Client.Files;

/// <summary>
/// What <see cref="ShellFiles"/> has the guest's shell do. POSIX sh, with GNU's programs or busybox's; where both differ, a script tries and sees. Each
/// says which arguments it takes.
/// </summary>
internal static class ShellScripts
{
    /// <summary>
    /// Fields of stat(1) of one file, a line: type and mode in hexadecimal, ids, names, size, blocks and their size, times, links, device, inode. Busybox
    /// takes the precision of a time and has whole seconds all the same.
    /// </summary>
    internal const string StatFormat = "%f/%u/%g/%U/%G/%s/%b/%B/%.9Y/%.9X/%.9Z/%h/%d/%i";

    /// <summary>The fields of <see cref="StatFormat"/>, in find(1)'s letters, then the name and the target: each with a zero byte behind it.</summary>
    private const string FindFormat = @"%y\0%m\0%U\0%G\0%u\0%g\0%s\0%b\0%T@\0%A@\0%C@\0%n\0%D\0%i\0%P\0%l\0";

    /// <summary>1: "-L" to follow links, or "-P". 2: the file. Writes a line of stat, then the target of a link.</summary>
    internal const string Stat =
        $$"""
        if [ "$1" = -L ]; then
            exec stat -L -c '{{StatFormat}}' -- "$2"
        fi
        stat -c '{{StatFormat}}' -- "$2" || exit
        if [ -L "$2" ]; then
            readlink -n -- "$2"
        fi
        """;

    /// <summary>
    /// 1: the directory. 2: <see cref="DescribeFiles"/>. 3 and on: which depths, for find. Writes <c>P</c> and records of find where it is GNU's, else
    /// <c>S</c> and groups of what the second script writes.
    /// </summary>
    internal const string List =
        $$"""
        folder=$1/.
        describe=$2
        shift 2
        if find "$folder" -maxdepth 0 -printf '' 2> /dev/null; then
            printf P
            exec find "$folder" "$@" -printf '{{FindFormat}}'
        fi
        printf S
        exec find "$folder" "$@" -exec sh -c "$describe" sh {} +
        """;

    /// <summary>Files. Writes their names, an empty one, a line of stat for each, an empty one, and the targets of those that are links.</summary>
    internal const string DescribeFiles =
        $$"""
        printf '%s\0' "$@" ''
        stat -c '{{StatFormat}}' -- "$@"
        printf '\0'
        for file; do
            if [ -L "$file" ]; then
                readlink -n -- "$file"
                printf '\0'
            fi
        done
        """;

    /// <summary>1: the directory. 2: its mode. 3: "-p" to make those above it too, or nothing.</summary>
    internal const string MakeDirectory =
        """
        exec mkdir ${3:+"$3"} -m "$2" -- "$1"
        """;

    /// <summary>1: what to remove.</summary>
    internal const string Remove =
        """
        if [ -d "$1" ] && ! [ -L "$1" ]; then
            exec rmdir -- "$1"
        fi
        exec rm -- "$1"
        """;

    /// <summary>1: what to remove, with all that is in it and on the same filesystem. GNU's rm keeps to it, elsewhere find does.</summary>
    internal const string RemoveTree =
        """
        if ! [ -d "$1" ] || [ -L "$1" ]; then
            exec rm -- "$1"
        fi
        if rm -f --one-file-system 2> /dev/null; then
            exec rm -r -f --one-file-system -- "$1"
        fi
        find "$1" -xdev ! -type d -exec rm -f -- {} +
        exec find "$1" -xdev -depth -type d -exec rmdir -- {} +
        """;

    /// <summary>
    /// Defines <c>rename FROM TO</c>, one step on one filesystem, as rename(2): mv would move into a directory, and copy to another filesystem.
    /// Busybox's refuses a link to a directory, so it goes before.
    /// </summary>
    private const string RenameFunction =
        """
        rename() {
            parent=${2%/*}
            device=$(stat -c %d -- "$1") || return
            if [ "$device" != "$(stat -L -c %d -- "${parent:-/}")" ]; then
                echo "cannot rename '$1' to '$2': Invalid cross-device link" >&2
                return 1
            fi
            if [ -L "$2" ] && [ -d "$2" ] && ! mv --version > /dev/null 2>&1; then
                rm -f -- "$2" || return
            fi
            mv -f -T -- "$1" "$2"
        }

        """;

    /// <summary>1: the file. 2: its new name. 3: "yes" to replace what has it.</summary>
    internal const string Rename = RenameFunction +
        """
        if [ "$3" != yes ] && { [ -e "$2" ] || [ -L "$2" ]; }; then
            echo "cannot rename '$1' to '$2': File exists" >&2
            exit 1
        fi
        rename "$1" "$2"
        """;

    /// <summary>
    /// Defines <c>attributes FILE FOLLOW OWNER SIZE MODE MODIFIED ACCESSED</c>, empty where nothing changes. FOLLOW is "-h" when a link itself is meant.
    /// Times are seconds with nine decimals; a touch that knows no fractions gets whole seconds.
    /// </summary>
    private const string AttributesFunction =
        """
        stamp() {
            touch -c $3 $1 -d "@$2" -- "$4" 2> /dev/null || touch -c $3 $1 -d "@${2%.*}" -- "$4"
        }
        attributes() {
            if [ -n "$3" ]; then
                chown $2 -- "$3" "$1" || return
            fi
            if [ -n "$4$5" ] && [ -n "$2" ] && [ -L "$1" ]; then
                echo "'$1' is a symbolic link: its mode and length cannot change" >&2
                return 1
            fi
            if [ -n "$4" ]; then
                truncate -c -s "$4" -- "$1" || return
            fi
            if [ -n "$5" ]; then
                chmod -- "$5" "$1" || return
            fi
            if [ -n "$6" ]; then
                stamp -m "$6" "$2" "$1" || return
            fi
            if [ -n "$7" ]; then
                stamp -a "$7" "$2" "$1" || return
            fi
        }

        """;

    /// <summary>Groups of seven arguments, as the function takes them. Goes on after a failure.</summary>
    internal const string SetAttributes = AttributesFunction +
        """
        status=0
        while [ $# -gt 0 ]; do
            if [ -e "$1" ] || [ -L "$1" ]; then
                attributes "$1" "$2" "$3" "$4" "$5" "$6" "$7" || status=1
            else
                echo "'$1': No such file or directory" >&2
                status=1
            fi
            shift 7
        done
        exit $status
        """;

    /// <summary>Seven arguments as the function takes them. 8: the name that the file gets then.</summary>
    internal const string Place = AttributesFunction + RenameFunction +
        """
        attributes "$1" "$2" "$3" "$4" "$5" "$6" "$7" && rename "$1" "$8"
        """;

    /// <summary>1: the link. 2: where it leads. 3: "-s" for a symbolic one, or nothing.</summary>
    internal const string Link =
        """
        if [ -e "$1" ] || [ -L "$1" ]; then
            echo "cannot make the link '$1': File exists" >&2
            exit 1
        fi
        exec ln $3 -- "$2" "$1"
        """;

    /// <summary>1: the file. 2: where to start. 3: bytes at most, or nothing. Writes the number of bytes and their checksum.</summary>
    internal const string Checksum =
        """
        if ! [ -f "$1" ]; then
            ls -d -- "$1" > /dev/null || exit
            echo "'$1' is not a regular file" >&2
            exit 1
        fi
        exec < "$1" || exit
        size=$(stat -L -c %s -- "$1") || exit
        count=$((size > $2 ? size - $2 : 0))
        if [ -n "$3" ] && [ "$3" -lt $count ]; then
            count=$3
        fi
        echo $count
        if [ "$2" -eq 0 ] && [ $count -eq "$size" ]; then
            exec sha256sum
        fi
        tail -c "+$(($2 + 1))" | head -c $count | sha256sum
        """;

    /// <summary>1: a file that is made anew, empty, and for its owner alone.</summary>
    internal const string MakePrivate =
        """
        rm -f -- "$1"
        umask 077
        set -C
        : > "$1"
        """;
}
