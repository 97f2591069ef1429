using System.Text;

namespace Guestwire.Client;

/// <summary>What a program that has ended wrote, and how it ended.</summary>
/// <param name="Exit">How it ended.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record GuestProgramResult(GuestExit Exit, byte[] Output, byte[] Error)
{
    /// <summary>Standard output as text.</summary>
    public string OutputText => Encoding.UTF8.GetString(Output);

    /// <summary>Standard error as text.</summary>
    public string ErrorText => Encoding.UTF8.GetString(Error);
}
