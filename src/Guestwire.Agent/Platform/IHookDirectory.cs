using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>The folder of programs that are told before filesystems freeze and after they have thawed.</summary>
internal interface IHookDirectory
{
    /// <summary>The folder's path; it need not be there.</summary>
    string Path { get; }

    /// <summary>What is in it to be run now, in order of name, also what must not be run.</summary>
    /// <exception cref="QapiException">GenericError: there is a folder, and it cannot be read.</exception>
    IReadOnlyList<HookFile> List();
}
