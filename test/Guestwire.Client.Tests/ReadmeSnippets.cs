using Guestwire.Protocol;

namespace Guestwire.Client.Tests;

/// <summary>The C# of the READMEs, compiled. Each piece stands between its file's name and "end"; <see cref="ReadmeTests"/> compares.</summary>
internal static class ReadmeSnippets
{
    internal static async Task OfTheProjectAsync()
    {
        // README.md
        await using GuestClient guest = await GuestClient.ConnectAsync(GuestTransport.Parse("libvirt:web1"));
        Console.WriteLine((await guest.GuestGetOsinfoAsync()).PrettyName);

        GuestProgramResult result = await guest.RunProgramAsync(new GuestProgram("uname") { Arguments = ["-r"] });
        Console.Write(result.OutputText);
        // end
    }

    internal static async Task OfTheLibraryAsync()
    {
        // src/Guestwire.Client/README.md
        await using GuestClient guest = await GuestClient.ConnectAsync(GuestTransport.Parse("libvirt:web1"));

        GuestOSInfo system = await guest.GuestGetOsinfoAsync();
        Console.WriteLine(system.PrettyName);
        // end
    }
}
