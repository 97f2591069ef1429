using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Starts programs.</summary>
internal interface IProgramStarter
{
    /// <summary>Starts a program and returns as soon as it runs.</summary>
    /// <exception cref="QapiException">GenericError: it could not be started; nothing is left of the attempt.</exception>
    SpawnedProgram Start(ProgramStart start);
}
