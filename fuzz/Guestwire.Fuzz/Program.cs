using Guestwire.Fuzz.Coverage;

namespace Guestwire.Fuzz;

/// <summary>The process: goes over to the copy of itself whose code under test is instrumented.</summary>
internal static class Program
{
    /// <summary>Names the folder for findings; <c>./fuzz/run</c> sets it.</summary>
    private const string FolderVariable = "GUESTWIRE_FINDINGS";

    private static int Main(string[] words)
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable) ?? "findings";
        return (int)new InstrumentedContext(InstrumentedContext.CodeUnderTest).Call(typeof(FuzzCommand), nameof(FuzzCommand.Run), words, folder, Console.Out)!;
    }
}
