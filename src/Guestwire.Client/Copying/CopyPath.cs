using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Client.Copying;

/// <summary>Names of files, of which both ends think alike.</summary>
internal static class CopyPath
{
    /// <summary>A name in a directory.</summary>
    internal static string Join(string folder, string name) => folder.EndsWith('/') ? folder + name : $"{folder}/{name}";

    /// <summary>The path without slashes at its end.</summary>
    internal static string Trim(string path) => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";

    /// <summary>The last part; nothing of a path that ends where it begins: "/", ".", "..".</summary>
    internal static string NameOf(string path)
    {
        string trimmed = Trim(path);
        string name = trimmed[(trimmed.LastIndexOf('/') + 1)..];
        return name is "." or ".." ? "" : name;
    }

    /// <summary>The directory that a path lies in.</summary>
    internal static string FolderOf(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path[..slash];
    }

    /// <summary>
    /// The name under which a file is written until it is whole: beside its own, of a length that every filesystem takes, and the same whenever the same
    /// file is copied there, so that a later attempt finds it.
    /// </summary>
    internal static string PartialOf(string target, GuestwireFileStatus source)
    {
        string identity = string.Create(CultureInfo.InvariantCulture, $"{NameOf(target)}\n{source.SizeBytes}\n{source.ModifiedNs}");
        ulong number = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
        return Join(FolderOf(target), string.Create(CultureInfo.InvariantCulture, $".guestwire-{number:x16}.part"));
    }

    /// <summary>A name beside others that nobody else has.</summary>
    internal static string Unique(string folder) => Join(folder, $".guestwire-{Guid.NewGuid():N}");
}
