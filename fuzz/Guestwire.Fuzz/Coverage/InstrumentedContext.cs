using System.Reflection;
using System.Runtime.Loader;

namespace Guestwire.Fuzz.Coverage;

/// <summary>
/// Loads a second copy of this program in which the code under test is instrumented. Files stay as they are: the copy exists in memory, and what
/// is built is what everybody else uses.
/// </summary>
/// <param name="instrumented">Names of the assemblies to instrument; their files stand beside this program's.</param>
internal sealed class InstrumentedContext(params IReadOnlyList<string> instrumented) : AssemblyLoadContext("instrumented")
{
    private readonly Instrumentation _instrumentation = new();

    /// <summary>The code that targets reach.</summary>
    internal static IReadOnlyList<string> CodeUnderTest { get; } = ["Guestwire.Protocol", "Guestwire.Agent", "guestwire-agent", "Qapi"];

    /// <summary>Calls a static method without overloads in the copy.</summary>
    internal object? Call(Type type, string method, params object?[] arguments)
    {
        Assembly copy = LoadFromAssemblyName(type.Assembly.GetName());
        MethodInfo found = copy.GetType(type.FullName!, throwOnError: true)!
            .GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return found.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
        if (instrumented.Contains(assemblyName.Name))
        {
            using MemoryStream image = new();
            _instrumentation.Rewrite(path, image);
            return LoadFromStream(image);
        }

        // One copy of what the instrumented code calls, and of what refers to it.
        return assemblyName.Name == typeof(EdgeMap).Assembly.GetName().Name ? LoadFromAssemblyPath(path) : null;
    }
}
