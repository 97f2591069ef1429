namespace Guestwire.Protocol.Json;

/// <summary>The members of an object, in the order they came; for <c>foreach</c>.</summary>
public readonly struct JsonMembers(Memory<byte> text)
{
    /// <summary>Starts at the first member.</summary>
    public Enumerator GetEnumerator() => new(text);

    /// <summary>Walks over the members; linear in the text.</summary>
    public ref struct Enumerator
    {
        private readonly Memory<byte> _memory;
        private readonly ReadOnlySpan<byte> _text;
        private int _next;

        internal Enumerator(Memory<byte> text)
        {
            _memory = text;
            _text = text.Span;
            _next = 1;
            Current = default;
        }

        /// <summary>The member it stands on.</summary>
        public JsonMember Current { get; private set; }

        /// <summary>Goes to the next member; false behind the last.</summary>
        public bool MoveNext()
        {
            ReadOnlySpan<byte> text = _text;
            int nameStart = JsonText.SkipSeparators(text, _next);
            if (text[nameStart] == (byte)'}')
            {
                return false;
            }

            int nameEnd = JsonText.SkipValue(text, nameStart);
            int valueStart = JsonText.SkipSeparators(text, nameEnd);
            _next = JsonText.SkipValue(text, valueStart);
            Current = new JsonMember(new JsonValue(_memory[nameStart..nameEnd]), new JsonValue(_memory[valueStart.._next]));
            return true;
        }
    }
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name, a string.</param>
/// <param name="Value">Its value.</param>
public readonly record struct JsonMember(JsonValue Name, JsonValue Value);
