using Guestwire.Client.Files;

namespace Guestwire.Client.Copying;

/// <summary>The tar(1) of a guest.</summary>
/// <param name="Shell">Runs it.</param>
/// <param name="IsPlain">Whether it knows the oldest formats alone, as busybox's does.</param>
internal sealed record GuestTar(GuestShell Shell, bool IsPlain)
{
    /// <summary>Writes what tar says of itself.</summary>
    private const string Find =
        """
        command -v tar > /dev/null || exit
        tar --version 2>&1
        exit 0
        """;

    /// <summary>
    /// 1: a directory of ours that holds a.tar. 2: the directory that its content goes into. 3: "-o" when owners are not kept. Unpacks beside and moves
    /// what is whole: a directory that is not there yet as a whole, and into one that is there what it holds.
    /// </summary>
    private const string UnpackScript =
        """
        cd -- "$1" || exit
        mkdir tree && tar -x -p $3 -f a.tar -C tree || exit
        rm -f a.tar
        status=0
        merge() {
            find "$1" -mindepth 1 -maxdepth 1 ! -type d -exec sh -c 'to=$1; shift; exec mv -f -- "$@" "$to"/' sh "$2" {} + || status=1
            for folder in "$1"/* "$1"/.[!.]* "$1"/..?*; do
                if [ -L "$folder" ] || ! [ -d "$folder" ]; then
                    continue
                fi
                name=${folder##*/}
                if [ -d "$2/$name" ]; then
                    merge "$folder" "$2/$name"
                else
                    mv -f -T -- "$folder" "$2/$name" || status=1
                fi
            done
        }
        merge tree "$2"
        exit $status
        """;

    /// <summary>
    /// 1: a directory of ours that holds the list. 2: the directory that the listed files are in. 3: "yes" for a tar that reads the list itself; for
    /// another its lines become arguments.
    /// </summary>
    private const string PackScript =
        """
        place=$1
        cd -- "$2" || exit
        if [ "$3" = yes ]; then
            exec tar -c -f "$place/a.tar" --no-recursion --null -T "$place/list"
        fi
        set --
        while IFS= read -r name; do
            set -- "$@" "$name"
        done < "$place/list"
        exec tar -c -f "$place/a.tar" "$@"
        """;

    /// <summary>What stands between names of a list. GNU's tar would take a backslash or a dash for something else, unless they end with zeros.</summary>
    internal char Separator => IsPlain ? '\n' : '\0';

    /// <summary>Looks for tar.</summary>
    /// <returns>Null when there is none.</returns>
    internal static async Task<GuestTar?> FindAsync(GuestShell shell, CancellationToken cancellation)
    {
        GuestProgramResult result = await shell.TryRunAsync(Find, [], cancellation).ConfigureAwait(false);
        bool isKnown = result.OutputText.Contains("GNU tar", StringComparison.Ordinal) || result.OutputText.Contains("bsdtar", StringComparison.Ordinal);
        return result.Exit.Status == 0 ? new GuestTar(shell, !isKnown) : null;
    }

    /// <summary>Makes a directory for us alone.</summary>
    internal Task MakePlaceAsync(string path, CancellationToken cancellation) => Shell.RunAsync("exec mkdir -m 0700 -- \"$1\"", [path], cancellation);

    /// <summary>Makes a directory for us alone where temporary files go.</summary>
    internal async Task<string> MakePlaceAsync(CancellationToken cancellation) =>
        (await Shell.RunAsync("exec mktemp -d", [], cancellation).ConfigureAwait(false)).OutputText.TrimEnd('\n');

    /// <summary>Unpacks an archive.</summary>
    internal Task<GuestProgramResult> UnpackAsync(string place, string target, bool keepsOwners, CancellationToken cancellation) =>
        Shell.TryRunAsync(UnpackScript, [place, target, keepsOwners ? "" : "-o"], cancellation);

    /// <summary>Packs the files of a list.</summary>
    internal Task<GuestProgramResult> PackAsync(string place, string source, CancellationToken cancellation) =>
        Shell.TryRunAsync(PackScript, [place, source, IsPlain ? "no" : "yes"], cancellation);

    /// <summary>Removes a directory of ours.</summary>
    internal Task RemovePlaceAsync(string place) => Shell.TryRunAsync("rm -rf -- \"$1\"", [place], CancellationToken.None);
}
