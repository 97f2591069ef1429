using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class NvmeHealthTests
{
    [Fact]
    public void Every_field_is_where_the_specification_has_it()
    {
        byte[] page = new byte[NvmeHealth.PageBytes];
        page[0] = 4;
        page[1] = 0x2c;
        page[2] = 0x01;
        page[3] = 100;
        page[4] = 10;
        page[5] = 7;
        for (int half = 0; half < 20; half++)
        {
            page[32 + (half * 8)] = (byte)(half + 1);
        }

        Assert.Equal(
            new GuestNVMeSmart
            {
                CriticalWarning = 4,
                Temperature = 300,
                AvailableSpare = 100,
                AvailableSpareThreshold = 10,
                PercentageUsed = 7,
                DataUnitsReadLo = 1,
                DataUnitsReadHi = 2,
                DataUnitsWrittenLo = 3,
                DataUnitsWrittenHi = 4,
                HostReadCommandsLo = 5,
                HostReadCommandsHi = 6,
                HostWriteCommandsLo = 7,
                HostWriteCommandsHi = 8,
                ControllerBusyTimeLo = 9,
                ControllerBusyTimeHi = 10,
                PowerCyclesLo = 11,
                PowerCyclesHi = 12,
                PowerOnHoursLo = 13,
                PowerOnHoursHi = 14,
                UnsafeShutdownsLo = 15,
                UnsafeShutdownsHi = 16,
                MediaErrorsLo = 17,
                MediaErrorsHi = 18,
                NumberOfErrorLogEntriesLo = 19,
                NumberOfErrorLogEntriesHi = 20,
            },
            NvmeHealth.Parse(page));
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/no/such/disk")]
    public void What_is_no_such_disk_has_no_health(string node) => Assert.Null(NvmeHealth.TryRead(node));
}
