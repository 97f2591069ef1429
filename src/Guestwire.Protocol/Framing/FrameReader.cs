using System.Buffers;
using System.Diagnostics.CodeAnalysis;
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

    private static readonly SearchValues<byte> DoubleQuotedEnd = SearchValues.Create(StringEnd((byte)'"'));
    private static readonly SearchValues<byte> SingleQuotedEnd = SearchValues.Create(StringEnd((byte)'\''));

    private readonly int _squeezeFromBytes;

    // A request may carry a password, whether it is ever carried out or not.
    private readonly ByteBuffer _input = new(wipes: true);

    // Positions count from the first unconsumed byte. The frame starts at _frameStart (-1: none yet), the token at _tokenStart.
    private int _position;
    private int _frameStart = -1;
    private int _tokenStart;
    private TokenState _state;
    private int _braces;
    private int _brackets;
    private int _tokens;
    private long _tokenBytes;

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
        DropConsumed();
        if (_input.Count > _squeezeFromBytes && _input.Count - _frameStart > 2 * (_tokenBytes + _tokens + (_position - _tokenStart)))
        {
            // More space than tokens: nobody writes that but to fill our memory.
            SqueezeSpace();
        }

        return _input.GetSpan(sizeBytes);
    }

    /// <summary>Commits received bytes.</summary>
    public void Advance(int count) => _input.Advance(count);

    /// <summary>Looks for the next frame.</summary>
    /// <param name="value">The value, valid until the next call of <see cref="Read"/> or <see cref="GetSpan"/>.</param>
    /// <param name="error">What is wrong, in the reference's words.</param>
    public FrameStatus Read(out JsonValue value, out string? error)
    {
        DropConsumed();
        value = default;
        error = null;
        ReadOnlySpan<byte> input = _input.Bytes;
        while (_position < input.Length)
        {
            if (!Step(input, out bool tokenEnded, out error))
            {
                return FrameStatus.Error;
            }

            if (tokenEnded && EndToken(input, out FrameStatus status, out value, out error))
            {
                return status;
            }

            if (_state != TokenState.Between && _position - _tokenStart > FrameLimits.MaxTokenBytes)
            {
                error = SizeExceeded;
                ForgetFrame();
                _state = TokenState.Between;
                return FrameStatus.Error;
            }
        }

        // Not only with the next bytes: white space behind a large frame would keep its memory for as long as the host says nothing.
        DropConsumed();
        return FrameStatus.NeedMoreData;
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
        _state = TokenState.Between;
        ForgetFrame();
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_input).Dispose();

    private static byte[] StringEnd(byte quote)
    {
        List<byte> end = [quote, (byte)'\\', 0xFE, 0xFF];
        for (byte control = 0; control < 0x20; control++)
        {
            end.Add(control);
        }

        return [.. end];
    }

    /// <summary>Scans on from <see cref="_position"/> to the end of a token, a bad byte, or the end of the input.</summary>
    /// <returns>False for a bad byte.</returns>
    private bool Step(ReadOnlySpan<byte> input, out bool tokenEnded, [NotNullWhen(false)] out string? error)
    {
        tokenEnded = false;
        error = null;
        byte current = input[_position];
        switch (_state)
        {
            case TokenState.Between:
                return StartToken(input, current, out tokenEnded, out error);
            case TokenState.DoubleQuoted:
                return ScanString(input, DoubleQuotedEnd, (byte)'"', out tokenEnded, out error);
            case TokenState.SingleQuoted:
                return ScanString(input, SingleQuotedEnd, (byte)'\'', out tokenEnded, out error);
            case TokenState.DoubleQuotedEscape or TokenState.SingleQuotedEscape:
                TokenState inside = _state == TokenState.DoubleQuotedEscape ? TokenState.DoubleQuoted : TokenState.SingleQuoted;
                return current is >= 0x20 and < 0xFE ? Go(inside) : Stray(input, out error);
            case TokenState.Minus:
                return current switch
                {
                    (byte)'0' => Go(TokenState.Zero),
                    >= (byte)'1' and <= (byte)'9' => Go(TokenState.Digits),
                    _ => Stray(input, out error),
                };
            case TokenState.Zero:
                return current switch
                {
                    (byte)'.' => Go(TokenState.Point),
                    >= (byte)'0' and <= (byte)'9' => Stray(input, out error),
                    _ => tokenEnded = true,
                };
            case TokenState.Digits:
                return current switch
                {
                    >= (byte)'0' and <= (byte)'9' => Go(TokenState.Digits),
                    (byte)'.' => Go(TokenState.Point),
                    (byte)'e' or (byte)'E' => Go(TokenState.Exponent),
                    _ => tokenEnded = true,
                };
            case TokenState.Point:
                return current is >= (byte)'0' and <= (byte)'9' ? Go(TokenState.Fraction) : Stray(input, out error);
            case TokenState.Fraction:
                return current switch
                {
                    >= (byte)'0' and <= (byte)'9' => Go(TokenState.Fraction),
                    (byte)'e' or (byte)'E' => Go(TokenState.Exponent),
                    _ => tokenEnded = true,
                };
            case TokenState.Exponent:
                return current switch
                {
                    >= (byte)'0' and <= (byte)'9' => Go(TokenState.ExponentDigits),
                    (byte)'+' or (byte)'-' => Go(TokenState.ExponentSign),
                    _ => Stray(input, out error),
                };
            case TokenState.ExponentSign:
                return current is >= (byte)'0' and <= (byte)'9' ? Go(TokenState.ExponentDigits) : Stray(input, out error);
            case TokenState.ExponentDigits:
                return current is >= (byte)'0' and <= (byte)'9' ? Go(TokenState.ExponentDigits) : tokenEnded = true;
            case TokenState.Keyword:
                return current is >= (byte)'a' and <= (byte)'z' ? Go(TokenState.Keyword) : tokenEnded = true;
            default:
                return Recover(current);
        }
    }

    private bool StartToken(ReadOnlySpan<byte> input, byte first, out bool tokenEnded, [NotNullWhen(false)] out string? error)
    {
        tokenEnded = false;
        error = null;
        _tokenStart = _position;
        switch (first)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                _position++;
                _tokenStart = _position;
                return true;
            case (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)':' or (byte)',':
                _position++;
                tokenEnded = true;
                return true;
            case (byte)'"':
                return Go(TokenState.DoubleQuoted);
            case (byte)'\'':
                return Go(TokenState.SingleQuoted);
            case (byte)'-':
                return Go(TokenState.Minus);
            case (byte)'0':
                return Go(TokenState.Zero);
            case >= (byte)'1' and <= (byte)'9':
                return Go(TokenState.Digits);
            case >= (byte)'a' and <= (byte)'z':
                return Go(TokenState.Keyword);
            default:
                return Stray(input, out error);
        }
    }

    private bool ScanString(
        ReadOnlySpan<byte> input, SearchValues<byte> ends, byte quote, out bool tokenEnded, [NotNullWhen(false)] out string? error)
    {
        tokenEnded = false;
        error = null;

        // One byte past the limit is enough to notice that the token is too long.
        int end = (int)Math.Min(input.Length, (long)_tokenStart + FrameLimits.MaxTokenBytes + 1);
        int plain = input[_position..end].IndexOfAny(ends);
        if (plain < 0)
        {
            _position = end;
            return true;
        }

        _position += plain;
        if (input[_position] == quote)
        {
            _position++;
            tokenEnded = true;
            return true;
        }

        return input[_position] == (byte)'\\'
            ? Go(quote == (byte)'"' ? TokenState.DoubleQuotedEscape : TokenState.SingleQuotedEscape)
            : Stray(input, out error);
    }

    private bool Go(TokenState next)
    {
        _position++;
        _state = next;
        return true;
    }

    private bool Recover(byte current)
    {
        if (current is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)':' or (byte)',' or (< 0x20 and not (byte)'\t') or >= 0xFE)
        {
            _state = TokenState.Between;
        }
        else
        {
            _position++;
        }

        _tokenStart = _position;
        return true;
    }

    private bool Stray(ReadOnlySpan<byte> input, [NotNullWhen(false)] out string? error)
    {
        _position++;
        ReadOnlySpan<byte> token = input[_tokenStart.._position];
        int zero = token.IndexOf((byte)0);
        if (zero >= 0)
        {
            token = token[..zero];
        }

        error = $"JSON parse error, stray '{ModifiedUtf8.ToString(token[..Math.Min(token.Length, FrameLimits.MaxQuotedBytes)])}'";
        ForgetFrame();
        _tokenStart = _position;
        _state = TokenState.Recovering;
        return false;
    }

    /// <summary>Takes the token that ends before <see cref="_position"/>.</summary>
    /// <returns>True when the frame ends with it, one way or another.</returns>
    private bool EndToken(ReadOnlySpan<byte> input, out FrameStatus status, out JsonValue value, out string? error)
    {
        value = default;
        error = null;
        status = FrameStatus.Error;
        int length = _position - _tokenStart;
        _state = TokenState.Between;
        switch (input[_tokenStart])
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

        if (_tokenBytes + length + 1 > FrameLimits.MaxTokenBytes)
        {
            error = SizeExceeded;
        }
        else if (_tokens + 1 > FrameLimits.MaxTokens)
        {
            error = "JSON token count limit exceeded";
        }
        else if (_braces + _brackets > FrameLimits.MaxNesting)
        {
            error = "JSON nesting depth limit exceeded";
        }

        if (error is not null)
        {
            ForgetFrame();
            return true;
        }

        _tokenBytes += length;
        _tokens++;
        if (_frameStart < 0)
        {
            _frameStart = _tokenStart;
        }

        if ((_braces > 0 || _brackets > 0) && _braces >= 0 && _brackets >= 0)
        {
            _tokenStart = _position;
            return false;
        }

        int start = _frameStart;
        error = JsonGrammar.Check(input[start.._position]);
        if (error is null)
        {
            value = new JsonValue(_input.Slice(start, _position - start));
            status = FrameStatus.Value;
        }

        ForgetFrame();
        return true;
    }

    private void ForgetFrame()
    {
        _frameStart = -1;
        _tokenStart = _position;
        _braces = 0;
        _brackets = 0;
        _tokens = 0;
        _tokenBytes = 0;
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
