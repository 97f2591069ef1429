using System.Runtime.InteropServices;
using System.Text;
using Guestwire.Cli.Programs;
using Guestwire.Client.Interop;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Cli;

/// <summary>
/// Passwords, as people type them. The terminal shows nothing from before the prompt until the line has ended, also of what is pasted; the framework's
/// own way shows what comes between two keys.
/// </summary>
internal static class SecretInput
{
    /// <summary>Prompts, and reads a line from the terminal without showing it.</summary>
    /// <returns>Null when it ends before.</returns>
    internal static string? Read(TextWriter prompts, string prompt)
    {
        // What the framework has to set up at a terminal comes first: it puts back at the end what it found.
        _ = Console.Out;
        using SafeFileHandle terminal = new(0, ownsHandle: false);
        if (Libc.GetTerminal(terminal, out Libc.Termios before) != 0)
        {
            throw new UsageException("there is no terminal to ask for the password");
        }

        Libc.Termios hidden = before;
        hidden.LocalFlags = (before.LocalFlags & ~Libc.ECHO) | Libc.ICANON;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave);
        _ = Libc.SetTerminal(terminal, Libc.TCSAFLUSH, hidden);
        try
        {
            prompts.Write(prompt);
            return ReadLine(terminal);
        }
        finally
        {
            _ = Libc.SetTerminal(terminal, Libc.TCSADRAIN, before);
            prompts.WriteLine();
        }

        // Nothing was done yet, and nobody wakes a read from a terminal.
        void Leave(PosixSignalContext context)
        {
            _ = Libc.SetTerminal(terminal, Libc.TCSADRAIN, before);
            prompts.WriteLine();
            Environment.Exit(SignalNumbers.ExitCodeOf(SignalNumbers.Of(context.Signal)));
        }
    }

    // Not through the framework: it shows what it reads from a terminal.
    private static string? ReadLine(SafeFileHandle terminal)
    {
        List<byte> line = [];
        Span<byte> next = stackalloc byte[1];
        while (true)
        {
            nint count = Libc.Read(terminal, next, 1);
            if (count < 0 && Libc.LastError == Libc.EINTR)
            {
                continue;
            }

            if (count <= 0)
            {
                return null;
            }

            if (next[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add(next[0]);
        }
    }
}
