using System.Globalization;
using ClawPdp.Identity.Tests.Stubs;
using Microsoft.AspNetCore.Http;

namespace ClawPdp.Identity.Tests;

/// <summary>What the answers of an issuer say of the clock.</summary>
public sealed class ClockAheadTests
{
    [Theory]
    [InlineData(0, null, 0)]
    [InlineData(-100, null, 100)]
    [InlineData(40, null, -40)]
    [InlineData(-100, "90", 10)]
    public async Task Health_AfterAFetch_SaysHowFarTheClockIsAhead(int theirs, string? age, int ahead)
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.KeySet = context => AnswerAsync(context, bed, DateTimeOffset.FromUnixTimeSeconds(TestBed.Now + theirs).ToString("R", CultureInfo.InvariantCulture), age);
        Assert.Null(bed.Source.Health.ClockAhead);

        await bed.AcceptAsync(bed.Claims());

        Assert.Equal(TimeSpan.FromSeconds(ahead), bed.Source.Health.ClockAhead);
        Assert.Equal((1, 1), (bed.Provider.DiscoveryCount, bed.Provider.KeySetCount));
    }

    [Fact]
    public async Task Health_DateThatIsNone_SaysNothingOfTheClock()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.KeySet = context => AnswerAsync(context, bed, "not a date", age: null);

        await bed.AcceptAsync(bed.Claims());

        Assert.Null(bed.Source.Health.ClockAhead);
    }

    [Fact]
    public async Task Health_DatesAtBothEndsOfTime_DoNoHarm()
    {
        foreach (var date in new[] { "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT" })
        {
            await using var bed = await TestBed.StartAsync();
            bed.Provider.KeySet = context => AnswerAsync(context, bed, date, "2147483647");

            await bed.AcceptAsync(bed.Claims());

            Assert.NotNull(bed.Source.Health.ClockAhead);
        }
    }

    private static Task AnswerAsync(HttpContext context, TestBed bed, string date, string? age)
    {
        context.Response.Headers.Date = date;
        context.Response.Headers.Age = age;
        return context.Response.WriteAsync(bed.Provider.KeySetDocument());
    }
}
