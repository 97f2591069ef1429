namespace EndToEnd;

/// <summary>Where the tests find what is not beside their own assembly.</summary>
internal static class Checkout
{
    /// <summary>The checkout's top folder: the nearest one upwards that holds global.json.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>A file that the build put beside the test's assembly.</summary>
    internal static string BesideTests(params string[] parts) =>
        Path.Combine([AppContext.BaseDirectory, .. parts]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("no global.json above the tests' assembly");
    }
}
