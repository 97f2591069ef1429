using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon;

/// <summary>stdout and stderr, without the memory that the runtime's console costs.</summary>
[SupportedOSPlatform("linux")]
internal static class StandardStream
{
    /// <summary>Prints <paramref name="text"/> as it is; nobody is told when nobody reads.</summary>
    public static void Print(string text)
    {
        using SafeFileHandle output = Output();
        WholeWrite.TryWrite(output, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Prints a line where errors go.</summary>
    public static void Complain(string line)
    {
        using SafeFileHandle error = Error();
        WholeWrite.TryWrite(error, Encoding.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>File descriptor 2, whatever it is at the time of a write.</summary>
    public static SafeFileHandle Error() => new(2, ownsHandle: false);

    private static SafeFileHandle Output() => new(1, ownsHandle: false);
}
