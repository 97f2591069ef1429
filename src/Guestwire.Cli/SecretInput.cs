using System.Text;

namespace Guestwire.Cli;

/// <summary>Passwords, as people type them.</summary>
internal static class SecretInput
{
    /// <summary>Reads a line from the terminal without showing it.</summary>
    /// <returns>Null when Ctrl-D ends it before anything is there.</returns>
    internal static string? Read()
    {
        StringBuilder line = new();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    return line.ToString();
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control }:
                    return line.Length == 0 ? null : line.ToString();
                case { Key: ConsoleKey.Backspace }:
                    line.Length = Math.Max(0, line.Length - 1);
                    break;
                case { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control }:
                    line.Clear();
                    break;
                case { KeyChar: not '\0' }:
                    line.Append(key.KeyChar);
                    break;
            }
        }
    }
}
