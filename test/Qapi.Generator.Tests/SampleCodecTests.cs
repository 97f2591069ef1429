using System.Text;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Qapi.Generator.Tests;

/// <summary>The codecs generated from <c>Sample/</c>, at work.</summary>
public sealed class SampleCodecTests
{
    private readonly ArgumentReader _reader = new();

    [Fact]
    public void Members_are_written_in_schema_order_and_absent_ones_are_left_out()
    {
        SampleNumbers value = new() { Name = "n", Small = 65535, Size = ulong.MaxValue, Ratio = 2.5, Flag = true, Value = -1 };

        Assert.Equal(
            """{"name": "n", "small": 65535, "size": 18446744073709551615, "ratio": 2.5, "flag": true, "value": -1}""",
            Written(writer => SampleNumbersCodec.Write(writer, value)));
    }

    [Fact]
    public void A_union_writes_its_common_members_and_then_its_branch()
    {
        SampleDrawing[] drawings =
        [
            new SampleDrawing.DarkRed(new SamplePoint { X = 1, Labels = ["a", "b"] }) { Id = 7, Scale = 0.5 },
            new SampleDrawing.Other(SampleColour._3d) { Id = 8 },
        ];

        Assert.Equal(
            """[{"id": 7, "colour": "dark-red", "scale": 0.5, "x": 1, "labels": ["a", "b"]}, {"id": 8, "colour": "3d"}]""",
            Written(writer => SampleDrawingCodec.WriteList(writer, drawings)));
    }

    [Fact]
    public void An_alternate_writes_the_bare_value()
    {
        Assert.Equal("5", Written(writer => SampleWhereCodec.Write(writer, new SampleWhere.Number(5))));
        Assert.Equal("\"b_lue\"", Written(writer => SampleWhereCodec.Write(writer, new SampleWhere.Colour(SampleColour.BLue))));
        Assert.Equal("""{"x": 3}""", Written(writer => SampleWhereCodec.Write(writer, new SampleWhere.Point(new() { X = 3 }))));
    }

    [Fact]
    public void What_follows_a_stream_is_written_when_the_stream_is_through()
    {
        SampleRead? value = null;
        CountingSource source = new(100_000, total => value!.Count = total);
        value = new SampleRead { Bytes = source };

        string text = Written(writer => SampleReadCodec.Write(writer, value));

        string encoded = Convert.ToBase64String(new byte[100_000]);
        Assert.Equal($$"""{"bytes": "{{encoded}}", "count": 100000, "words": [], "remark": ""}""", text);
    }

    [Theory]
    [InlineData(true, true, """{"ended": true, "out": "AQ==", "err": "Ag==", "cut": false}""")]
    [InlineData(true, false, """{"ended": true, "out": "AQ==", "cut": false}""")]
    [InlineData(false, true, """{"ended": true, "err": "Ag==", "cut": false}""")]
    [InlineData(false, false, """{"ended": true, "cut": false}""")]
    public void Either_of_two_streams_may_be_absent(bool hasOut, bool hasErr, string expected)
    {
        SampleOutput value = new()
        {
            Ended = true,
            Out = hasOut ? new MemoryBase64Source(new byte[] { 1 }) : null,
            Err = hasErr ? new MemoryBase64Source(new byte[] { 2 }) : null,
            Cut = false,
        };

        Assert.Equal(expected, Written(writer => SampleOutputCodec.Write(writer, value)));
    }

    [Fact]
    public void Arguments_of_every_kind_are_read()
    {
        SampleDrawArguments arguments = Draw(
            """
            {"weights": [1, 2.5], "where": "dark-red", "points": [{"x": 1}, {"labels": ["l"], "x": 2}],
             "drawing": {"points": [{"x": 3}], "colour": "b_lue", "note": "n", "id": 9}}
            """);

        Assert.Equal(new SampleWhere.Colour(SampleColour.DarkRed), arguments.Where);
        Assert.Equal([1, 2.5], arguments.Weights);
        Assert.Equal([1, 2], arguments.Points!.Select(point => point.X));
        Assert.Equal(["l"], arguments.Points![1].Labels);
        SampleDrawing.BLue drawing = Assert.IsType<SampleDrawing.BLue>(arguments.Drawing);
        Assert.Equal(9, drawing.Id);
        Assert.Null(drawing.Scale);
        Assert.Equal("n", drawing.Content.Note);
        Assert.Equal([3], drawing.Content.Points.Select(point => point.X));
    }

    [Fact]
    public void A_value_without_a_branch_is_read_as_the_other_record()
    {
        SampleDrawArguments arguments = Draw("""{"drawing": {"id": 1, "colour": "3d", "scale": 2}, "where": true}""");

        Assert.Equal(new SampleDrawing.Other(SampleColour._3d) { Id = 1, Scale = 2 }, arguments.Drawing);
        Assert.Equal(new SampleWhere.Flag(true), arguments.Where);
    }

    [Fact]
    public void Base64_arguments_are_decoded_where_they_lie()
    {
        OrgGuestwireSampleWriteArguments arguments =
            OrgGuestwireSampleWriteArgumentsCodec.Read(_reader, Json("""{"bytes": "AQID"}"""));

        Assert.Equal([1, 2, 3], arguments.Bytes.Decode().ToArray());
        Assert.Null(arguments.More);
    }

    [Fact]
    public void Absent_arguments_are_an_empty_object()
    {
        SampleOptions options = SampleOptionsCodec.Read(_reader, default);

        Assert.Null(options.Where);
        Assert.Null(options.Bigger);
    }

    [Theory]
    [InlineData("{}", "Parameter 'drawing' is missing")]
    [InlineData("""{"where": null, "drawing": 1}""", "Invalid parameter type for 'drawing', expected: object")]
    [InlineData("""{"drawing": {"id": 1, "colour": "3d"}, "bogus": 1}""", "Parameter 'where' is missing")]
    [InlineData("""{"drawing": {"id": 1, "colour": "3d"}, "where": 1, "bogus": 1, "other": 2}""", "Parameter 'bogus' is unexpected")]
    [InlineData("""{"drawing": {"colour": "3d"}}""", "Parameter 'drawing.id' is missing")]
    [InlineData("""{"drawing": {"id": 1, "colour": "red"}}""", "Parameter 'colour' does not accept value 'red'")]
    [InlineData("""{"drawing": {"id": 1, "colour": 3}}""", "Invalid parameter type for 'drawing.colour', expected: string")]
    [InlineData("""{"drawing": {"id": 1, "colour": "3d", "x": 1}}""", "Parameter 'drawing.x' is unexpected")]
    [InlineData("""{"drawing": {"id": 1, "colour": "dark-red", "x": 1, "note": "n"}}""", "Parameter 'drawing.note' is unexpected")]
    [InlineData("""{"drawing": {"id": 1, "colour": "b_lue", "points": [{"x": 1}, {}]}}""", "Parameter 'drawing.points[1].x' is missing")]
    [InlineData("""{"drawing": {"id": 1, "colour": "b_lue", "points": [1]}}""", "Invalid parameter type for 'drawing.points[0]', expected: object")]
    [InlineData("""{"drawing": {"id": 1, "colour": "3d"}, "where": 1.0}""", "Invalid parameter type for 'where', expected: integer")]
    [InlineData("""{"drawing": {"id": 1, "colour": "3d"}, "where": []}""", "Invalid parameter type for 'where', expected: SampleWhere")]
    [InlineData("""{"drawing": {"id": 1, "colour": "3d"}, "where": {"x": "1"}}""", "Invalid parameter type for 'where.x', expected: integer")]
    [InlineData("""{"drawing": {"id": 1, "colour": "3d"}, "where": 1, "points": null}""", "Invalid parameter type for 'points', expected: array")]
    [InlineData("""{"drawing": {"id": 1, "colour": "3d"}, "where": 1, "weights": [1, "2"]}""", "Invalid parameter type for 'weights[1]', expected: number")]
    public void The_first_bad_member_in_schema_order_is_named_with_its_path(string arguments, string error)
    {
        QapiException thrown = Assert.Throws<QapiException>(() => Draw(arguments));

        Assert.Equal(error, thrown.Message);
        Assert.Equal(ErrorClass.GenericError, thrown.ErrorClass);
    }

    private static JsonValue Json(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Written(Action<JsonWriter> write)
    {
        using ByteBuffer output = new();
        JsonWriter writer = new(output);
        write(writer);
        while (writer.Pending is not null)
        {
            writer.Pull(30_000);
        }

        return Encoding.ASCII.GetString(output.Bytes);
    }

    private SampleDrawArguments Draw(string text) => SampleDrawArgumentsCodec.Read(_reader, Json(text));

    /// <summary>Zeros, and at their end somebody who wants to know how many.</summary>
    private sealed class CountingSource(int total, Action<int> done) : Base64Source
    {
        private int _given;

        public override int Read(Span<byte> destination)
        {
            int count = Math.Min(destination.Length, total - _given);
            destination[..count].Clear();
            _given += count;
            if (count < destination.Length)
            {
                done(_given);
            }

            return count;
        }
    }
}
