namespace Guestwire.Protocol.Framing;

/// <summary>
/// The grammar of a frame, token by token as they come: one value, objects with string keys that differ, the keywords <c>true</c>,
/// <c>false</c> and <c>null</c>. Only the first fault is kept; it is told when the frame ends. Hot path: no allocation but for errors.
/// </summary>
internal sealed class JsonGrammar : IDisposable
{
    private const string Prefix = "JSON parse error, ";

    private readonly OpenKeys _keys = new();

    // For each array and object that is open: what its own place expected, and the number of its first key.
    private (Expected Outside, int FirstKey)[] _levels = new (Expected, int)[8];
    private int _depth;
    private Expected _expected;

    /// <summary>What may come next.</summary>
    private enum Expected : byte
    {
        /// <summary>The value that is the frame.</summary>
        Frame,

        /// <summary>An item, or the end of the array.</summary>
        FirstItem,

        /// <summary>An item.</summary>
        Item,

        /// <summary>A key, or the end of the object.</summary>
        FirstKey,

        /// <summary>A key; any value, to begin with.</summary>
        Key,

        /// <summary>The value of a member.</summary>
        Member,

        /// <summary>The colon behind a key.</summary>
        Colon,

        /// <summary>A comma, or the end of the array.</summary>
        ListSeparator,

        /// <summary>A comma, or the end of the object.</summary>
        DictSeparator,

        /// <summary>Nothing: the frame is complete, or wrong.</summary>
        Nothing,
    }

    /// <summary>What is wrong with the frame, in the reference's words, or null.</summary>
    internal string? Error { get; private set; }

    /// <summary>Keys of open objects, by the number of each, in the order of the text.</summary>
    internal OpenKeys Keys => _keys;

    /// <summary>Starts with the next frame.</summary>
    internal void Clear()
    {
        Error = null;
        _expected = Expected.Frame;
        _depth = 0;
        _keys.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    /// <summary>Takes one of <c>{ } [ ] : ,</c>.</summary>
    internal void Structure(byte token)
    {
        switch (token)
        {
            case (byte)'{':
                Open(Expected.FirstKey);
                break;
            case (byte)'[':
                Open(Expected.FirstItem);
                break;
            case (byte)'}' when _expected is Expected.FirstKey or Expected.DictSeparator:
            case (byte)']' when _expected is Expected.FirstItem or Expected.ListSeparator:
                Close();
                break;
            case (byte)',' when _expected is Expected.ListSeparator:
                _expected = Expected.Item;
                break;
            case (byte)',' when _expected is Expected.DictSeparator:
                _expected = Expected.Key;
                break;
            case (byte)':' when _expected is Expected.Colon:
                _expected = Expected.Member;
                break;
            default:
                FailByPlace();
                break;
        }
    }

    /// <summary>Takes a number.</summary>
    internal void Number()
    {
        if (ExpectsValue())
        {
            EndValue();
        }
    }

    /// <summary>Takes a run of letters.</summary>
    internal void Keyword(ReadOnlySpan<byte> word)
    {
        if (!ExpectsValue())
        {
            return;
        }

        if (word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8))
        {
            EndValue();
        }
        else
        {
            Fail($"{Prefix}invalid keyword '{ModifiedUtf8.ToString(word[..Math.Min(word.Length, FrameLimits.MaxQuotedBytes)])}'");
        }
    }

    /// <summary>Takes a string.</summary>
    /// <param name="frame">The frame so far, which ends with it.</param>
    /// <param name="start">Where its opening quote is.</param>
    /// <param name="check">What there is to say about its characters.</param>
    internal void String(ReadOnlySpan<byte> frame, int start, in StringCheck check)
    {
        if (!ExpectsValue())
        {
            return;
        }

        if (check.FaultOf(frame[start..]) is string fault)
        {
            Fail(fault);
        }
        else if (_expected is Expected.FirstKey or Expected.Key)
        {
            _keys.Add(frame, start, frame.Length - start, check.IsPlain, _levels[_depth - 1].FirstKey);
            _expected = Expected.Colon;
        }
        else
        {
            EndValue();
        }
    }

    private bool ExpectsValue()
    {
        if (_expected <= Expected.Member)
        {
            return true;
        }

        FailByPlace();
        return false;
    }

    private void Open(Expected inside)
    {
        if (!ExpectsValue())
        {
            return;
        }

        if (_depth == _levels.Length)
        {
            Array.Resize(ref _levels, Math.Min(8 * _depth, FrameLimits.MaxNesting));
        }

        _levels[_depth++] = (_expected, _keys.Count);
        _expected = inside;
    }

    private void Close()
    {
        (_expected, int firstKey) = _levels[--_depth];
        _keys.Truncate(firstKey);
        EndValue();
    }

    private void EndValue()
    {
        switch (_expected)
        {
            case Expected.FirstItem or Expected.Item:
                _expected = Expected.ListSeparator;
                break;
            case Expected.Member when _keys.IsLastRepeated:
                Fail(Prefix + "duplicate key");
                break;
            case Expected.Member:
                _expected = Expected.DictSeparator;
                break;
            case Expected.FirstKey or Expected.Key:
                Fail(Prefix + "key is not a string in object");
                break;
            default:
                _expected = Expected.Nothing;
                break;
        }
    }

    /// <summary>The fault of a token that cannot be here.</summary>
    private void FailByPlace()
    {
        if (_expected != Expected.Nothing)
        {
            Fail(_expected switch
            {
                Expected.Colon => Prefix + "missing : in object pair",
                Expected.ListSeparator => Prefix + "expected separator in list",
                Expected.DictSeparator => Prefix + "expected separator in dict",
                _ => Prefix + "expecting value",
            });
        }
    }

    private void Fail(string error)
    {
        Error = error;
        _expected = Expected.Nothing;
    }
}
