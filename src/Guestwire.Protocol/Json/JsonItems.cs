namespace Guestwire.Protocol.Json;

/// <summary>The items of an array, in order; for <c>foreach</c>.</summary>
public readonly struct JsonItems(Memory<byte> text)
{
    /// <summary>Starts at the first item.</summary>
    public Enumerator GetEnumerator() => new(text);

    /// <summary>Walks over the items; linear in the text.</summary>
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

        /// <summary>The item it stands on.</summary>
        public JsonValue Current { get; private set; }

        /// <summary>Goes to the next item; false behind the last.</summary>
        public bool MoveNext()
        {
            ReadOnlySpan<byte> text = _text;
            int start = JsonText.SkipSeparators(text, _next);
            if (text[start] == (byte)']')
            {
                return false;
            }

            _next = JsonText.SkipValue(text, start);
            Current = new JsonValue(_memory[start.._next]);
            return true;
        }
    }
}
