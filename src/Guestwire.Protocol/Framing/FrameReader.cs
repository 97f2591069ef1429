using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Framing;

/// <summary>
/// Cuts a byte stream into JSON values, one at a time, as the bytes come. Hot path: no allocation but for errors.
/// </summary>
/// <remarks>
/// <para>A frame is one JSON value; it ends with its last bracket, no newline is needed. A bare number or keyword ends at the
/// first byte that cannot belong to it. Between tokens stand space, tab, LF and CR.</para>
/// <para>Two kinds of error. A <em>bad byte</em> (one that no token can have there, among them 0xFE and 0xFF everywhere) drops all
/// tokens before it, is reported as "stray", and the reader skips to the next <c>{ } [ ] : ,</c>, control character other than tab,
/// 0xFE or 0xFF, where it starts afresh. A <em>bad value</em> (its brackets balance, or close more than was open, but it breaks the
/// grammar) is dropped and reading goes on at the next byte. So a host that sends 0xFF always gets a clean start.</para>
/// <para>The bytes of a frame stay where they were received; <see cref="JsonValue"/> points into them.</para>
/// </remarks>
public sealed class FrameReader : IDisposable
{
    /// <summary>The error that a lone 0xFF makes.</summary>
    public const string SentinelError = "JSON parse error, stray '\uFFFD'";

    private const string SizeExceeded = "JSON token size limit exceeded";

    private readonly int _squeezeFromBytes;

    // A request may carry a password, whether it is ever carried out or not.
    private readonly ByteBuffer _input = new(wipes: true);
    private readonly JsonGrammar _grammar = new();

    // Positions count from the first unconsumed byte. The frame starts at _frameStart (-1: none yet), the token at _tokenStart.
    private int _position;
    private int _frameStart = -1;
    private int _tokenStart;
    private TokenState _state;
    private StringCheck _string;
    private int _braces;
    private int _brackets;
    private int _tokens;
    private int _tokenBytes;

    /// <summary>A reader that holds nothing yet. Space is looked for before it would need a block of more than <see cref="ByteBuffer.RetainedCapacity"/>.</summary>
    public FrameReader()
        : this(ByteBuffer.RetainedCapacity / 2)
    {
    }

    /// <summary>A reader that looks for superfluous space earlier than it pays, so that tests need no large inputs.</summary>
    /// <param name="squeezeFromBytes">Bytes of an unfinished frame that may be anything.</param>
    internal FrameReader(int squeezeFromBytes) => _squeezeFromBytes = squeezeFromBytes;

    /// <summary>Bytes received that no frame has used up yet.</summary>
    public int BufferedBytes => _input.Count;

    /// <summary>Whether it holds more memory than one that just began.</summary>
    public bool HoldsMemory => _input.HoldsMemory;

    /// <summary>Gives back memory that is not in use. Ends the life of values read before.</summary>
    public void Rest() => _input.Rest();

    /// <summary>Where to put received bytes; commit them with <see cref="Advance"/>. Ends the life of values read before.</summary>
    /// <param name="sizeBytes">At least so many.</param>
    public Span<byte> GetSpan(int sizeBytes)
    {
        MakeRoom();
        return _input.GetSpan(sizeBytes);
    }

    /// <summary>As <see cref="GetSpan"/>, for who receives while something else runs: nothing may be read or got until the bytes are committed.</summary>
    public Memory<byte> GetMemory(int sizeBytes)
    {
        MakeRoom();
        return _input.GetRoom(sizeBytes);
    }

    /// <summary>Commits received bytes.</summary>
    public void Advance(int count) => _input.Advance(count);

    private void MakeRoom()
    {
        DropConsumed();
        if (_input.Count > _squeezeFromBytes && _input.Count - _frameStart > 2 * (_tokenBytes + _tokens + (_position - _tokenStart)))
        {
            // More space than tokens: nobody writes that but to fill our memory.
            SqueezeSpace();
        }
    }

    /// <summary>Looks for the next frame.</summary>
    /// <param name="value">The value, valid until the next call of <see cref="Read"/> or <see cref="GetSpan"/>.</param>
    /// <param name="error">What is wrong, in the reference's words.</param>
    public FrameStatus Read(out JsonValue value, out string? error)
    {
        DropConsumed();
        value = default;
        error = null;
        ReadOnlySpan<byte> input = _input.Bytes;
        while (true)
        {
            switch (Scan(input))
            {
                case ScanResult.Token:
                    error = CountToken(input[_tokenStart]);
                    if (error is not null)
                    {
                        ForgetFrame();
                        return FrameStatus.Error;
                    }

                    TakeToken(input);

                    // One of them is open, and neither is below zero.
                    if ((_braces | _brackets) > 0)
                    {
                        break;
                    }

                    return EndFrame(out value, out error);
                case ScanResult.BadByte:
                    error = Stray(input);
                    return FrameStatus.Error;
                case ScanResult.TooLong:
                    error = SizeExceeded;
                    ForgetFrame();
                    return FrameStatus.Error;
                default:
                    // Not only with the next bytes: white space behind a large frame would keep its memory for as long as the host says nothing.
                    DropConsumed();
                    return FrameStatus.NeedMoreData;
            }
        }
    }

    /// <summary>Moves the bytes behind the last frame to another reader; this one keeps only that frame.</summary>
    public void MoveRestTo(FrameReader next)
    {
        next._input.Append(_input.Bytes[_position..]);
        _input.Truncate(_position);
    }

    /// <summary>Drops everything received: the one who sent it is gone.</summary>
    public void Reset()
    {
        _input.Clear();
        _position = 0;
        ForgetFrame();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable)_input).Dispose();
        _grammar.Dispose();
    }

    /// <summary>Scans on from <see cref="_position"/> to the end of a token, a bad byte, or the end of the input.</summary>
    private ScanResult Scan(ReadOnlySpan<byte> input)
    {
        if (_state == TokenState.Recovering)
        {
            Recover(input);
        }

        if (_state == TokenState.Between && (uint)_position < (uint)input.Length && input[_position] <= ' ')
        {
            // Mostly it is one space.
            _position += input[_position] == ' ' ? 1 : 0;
            _position = (uint)_position < (uint)input.Length && input[_position] <= ' ' ? JsonText.SkipSpace(input, _position) : _position;
        }

        if ((uint)_position >= (uint)input.Length)
        {
            _tokenStart = _state == TokenState.Between ? _position : _tokenStart;
            return ScanResult.EndOfInput;
        }

        if (_state == TokenState.Between)
        {
            byte first = input[_position];
            _tokenStart = _position;
            if (first is (byte)',' or (byte)':' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']')
            {
                _position++;
                return ScanResult.Token;
            }

            _state = StateBehind(first);
            if (_state == TokenState.Recovering)
            {
                return ScanResult.BadByte;
            }

            _position++;
            _string.Start();
        }

        // One byte past the limit is enough to notice that the token is too long.
        ReadOnlySpan<byte> text = input[..(int)Math.Min(input.Length, (long)_tokenStart + FrameLimits.MaxTokenBytes + 1)];
        ScanResult result = _state switch
        {
            TokenState.DoubleQuoted => ScanString(text, (byte)'"'),
            TokenState.SingleQuoted => ScanString(text, (byte)'\''),
            _ => ScanBare(text),
        };
        if (result == ScanResult.EndOfInput && text.Length - _tokenStart > FrameLimits.MaxTokenBytes)
        {
            _position = text.Length;
            return ScanResult.TooLong;
        }

        return result;
    }

    private static TokenState StateBehind(byte first) => first switch
    {
        (byte)'"' => TokenState.DoubleQuoted,
        (byte)'\'' => TokenState.SingleQuoted,
        (byte)'-' => TokenState.Minus,
        (byte)'0' => TokenState.Zero,
        >= (byte)'1' and <= (byte)'9' => TokenState.Digits,
        >= (byte)'a' and <= (byte)'z' => TokenState.Keyword,
        _ => TokenState.Recovering,
    };

    private ScanResult ScanString(ReadOnlySpan<byte> text, byte quote)
    {
        if (_string.IsPlain)
        {
            _position = JsonText.SkipPlain(text, _position, quote);
        }

        while (true)
        {
            if (_position < text.Length && text[_position] == quote)
            {
                _position++;
                return ScanResult.Token;
            }

            _string.IsPlain &= _position == text.Length;
            _position = JsonText.SkipShortEscapes(text, _position, quote);
            if (_position == text.Length)
            {
                return ScanResult.EndOfInput;
            }

            if (text[_position] is < 0x20 or >= 0xFE)
            {
                return ScanResult.BadByte;
            }

            // Where there is one of them more are likely to follow.
            while (_position < text.Length && IsLong(text, _position))
            {
                int taken = _string.Take(text[_position..], _position - _tokenStart);
                _position += taken;
                if (taken == 0)
                {
                    return ScanResult.EndOfInput;
                }
            }
        }
    }

    private ScanResult ScanBare(ReadOnlySpan<byte> text)
    {
        int position = _position;
        for (; position < text.Length; position++)
        {
            position = _state switch
            {
                TokenState.Keyword => SkipRun(text, position, (byte)'a', (byte)'z'),
                TokenState.Digits or TokenState.Fraction or TokenState.ExponentDigits => SkipRun(text, position, (byte)'0', (byte)'9'),
                _ => position,
            };
            if (position == text.Length)
            {
                break;
            }

            TokenState next = StateBehind(_state, text[position]);
            if (next is TokenState.Between or TokenState.Recovering)
            {
                _position = position;
                return next == TokenState.Between ? ScanResult.Token : ScanResult.BadByte;
            }

            _state = next;
        }

        _position = position;
        return ScanResult.EndOfInput;
    }

    private static int SkipRun(ReadOnlySpan<byte> text, int position, byte lowest, byte highest)
    {
        while (position < text.Length && text[position] >= lowest && text[position] <= highest)
        {
            position++;
        }

        return position;
    }

    /// <summary>Where a byte leads that does not go on with a run of digits or letters: between tokens when it is no part of the token, recovering when it is bad.</summary>
    private static TokenState StateBehind(TokenState state, byte next)
    {
        bool isDigit = next is >= (byte)'0' and <= (byte)'9';
        return state switch
        {
            TokenState.Minus => !isDigit ? TokenState.Recovering : next == (byte)'0' ? TokenState.Zero : TokenState.Digits,
            TokenState.Zero when isDigit => TokenState.Recovering,
            TokenState.Zero or TokenState.Digits when next == (byte)'.' => TokenState.Point,
            TokenState.Digits or TokenState.Fraction when next is (byte)'e' or (byte)'E' => TokenState.Exponent,
            TokenState.Point => isDigit ? TokenState.Fraction : TokenState.Recovering,
            TokenState.Exponent when next is (byte)'+' or (byte)'-' => TokenState.ExponentSign,
            TokenState.Exponent or TokenState.ExponentSign => isDigit ? TokenState.ExponentDigits : TokenState.Recovering,
            _ => TokenState.Between,
        };
    }

    private void Recover(ReadOnlySpan<byte> input)
    {
        while (_position < input.Length)
        {
            byte current = input[_position];
            if (current is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)':' or (byte)',' or (< 0x20 and not (byte)'\t') or >= 0xFE)
            {
                _state = TokenState.Between;
                break;
            }

            _position++;
        }

        _tokenStart = _position;
    }

    /// <summary>Drops all tokens, and the bad byte that stands at <see cref="_position"/>.</summary>
    private string Stray(ReadOnlySpan<byte> input)
    {
        _position++;
        ReadOnlySpan<byte> token = input[_tokenStart.._position];
        int zero = token.IndexOf((byte)0);
        if (zero >= 0)
        {
            token = token[..zero];
        }

        ForgetFrame();
        _state = TokenState.Recovering;
        return $"JSON parse error, stray '{ModifiedUtf8.ToString(token[..Math.Min(token.Length, FrameLimits.MaxQuotedBytes)])}'";
    }

    /// <summary>Counts the token that ends before <see cref="_position"/>.</summary>
    /// <returns>The limit that it breaks, in the reference's words, or null.</returns>
    private string? CountToken(byte first)
    {
        if (_state == TokenState.Between)
        {
            switch (first)
            {
                case (byte)'{':
                    _braces++;
                    break;
                case (byte)'}':
                    _braces--;
                    break;
                case (byte)'[':
                    _brackets++;
                    break;
                case (byte)']':
                    _brackets--;
                    break;
            }
        }

        _tokenBytes += _position - _tokenStart;
        _tokens++;
        return _tokenBytes >= FrameLimits.MaxTokenBytes ? SizeExceeded
            : _tokens > FrameLimits.MaxTokens ? "JSON token count limit exceeded"
            : _braces + _brackets > FrameLimits.MaxNesting ? "JSON nesting depth limit exceeded"
            : null;
    }

    /// <summary>Gives the token to the grammar.</summary>
    private void TakeToken(ReadOnlySpan<byte> input)
    {
        if (_frameStart < 0)
        {
            _frameStart = _tokenStart;
        }

        switch (_state)
        {
            case TokenState.Between:
                _grammar.Structure(input[_tokenStart]);
                break;
            case TokenState.DoubleQuoted or TokenState.SingleQuoted:
                _grammar.String(input[_frameStart.._position], _tokenStart - _frameStart, _string);
                break;
            case TokenState.Keyword:
                _grammar.Keyword(input[_tokenStart.._position]);
                break;
            default:
                _grammar.Number();
                break;
        }

        _state = TokenState.Between;
        _tokenStart = _position;
    }

    /// <summary>The frame ends here: its brackets balance, or close more than was open.</summary>
    private FrameStatus EndFrame(out JsonValue value, out string? error)
    {
        error = _grammar.Error;
        value = error is null ? new JsonValue(_input.Slice(_frameStart, _position - _frameStart)) : default;
        ForgetFrame();
        return error is null ? FrameStatus.Value : FrameStatus.Error;
    }

    /// <summary>Whether a character stands here that takes more than a byte, or more than two when escaped.</summary>
    private static bool IsLong(ReadOnlySpan<byte> text, int position) =>
        text[position] is >= 0x80 and < 0xFE
        || (text[position] == (byte)'\\' && (position + 1 == text.Length || !JsonText.IsShortEscape(text[position + 1])));

    private void ForgetFrame()
    {
        _state = TokenState.Between;
        _frameStart = -1;
        _tokenStart = _position;
        _braces = 0;
        _brackets = 0;
        _tokens = 0;
        _tokenBytes = 0;
        _grammar.Clear();
    }

    /// <summary>Lets go of what lies before the frame, or before the token when there is no frame yet.</summary>
    private void DropConsumed()
    {
        int drop = _frameStart >= 0 ? _frameStart : _tokenStart;
        if (drop == 0)
        {
            return;
        }

        _input.Consume(drop);
        _position -= drop;
        _tokenStart -= drop;
        if (_frameStart >= 0)
        {
            _frameStart = 0;
        }
    }

    /// <summary>Rewrites the unfinished frame with one space where there were many; the current token keeps its bytes.</summary>
    private void SqueezeSpace()
    {
        Span<byte> bytes = _input.Bytes;
        OpenKeys keys = _grammar.Keys;
        int key = 0;
        int write = 0;
        int read = 0;
        while (read < _tokenStart)
        {
            if (bytes[read] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            {
                bytes[write++] = (byte)' ';
                while (read < _tokenStart && bytes[read] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
                {
                    read++;
                }
            }
            else
            {
                int end = bytes[read] is (byte)'"' or (byte)'\'' ? JsonText.SkipValue(bytes, read) : read + 1;
                bytes[read..end].CopyTo(bytes[write..]);
                if (key < keys.Count && keys.StartOf(key) == read + 1)
                {
                    keys.Move(key++, write + 1);
                }

                write += end - read;
                read = end;
            }
        }

        bytes[_tokenStart..].CopyTo(bytes[write..]);
        int squeezed = _tokenStart - write;
        _tokenStart -= squeezed;
        _position -= squeezed;
        _input.Truncate(_input.Count - squeezed);
    }
}
