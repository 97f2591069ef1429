using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Who can log in to this system.</summary>
internal interface IAccountDatabase
{
    /// <summary>Finds an account; may ask a directory service and take long.</summary>
    /// <exception cref="QapiException">GenericError: there is none of this name, or the system cannot tell.</exception>
    Account Find(string name);
}
