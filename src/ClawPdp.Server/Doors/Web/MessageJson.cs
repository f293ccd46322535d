using System.Text;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ClawPdp.Server.Doors.Web;

/// <summary>
/// Messages as JSON, by the mapping of protobuf and its own library. What that takes and this does not: members that nobody knows or that
/// stand twice, under whichever of their names, and text that is not strict JSON.
/// </summary>
internal static class MessageJson
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

    /// <summary>Reads JSON and gives the message as it is on the wire.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="type">What message it is to be.</param>
    /// <param name="fault">Receives what is wrong, with the JSON pointer of its place before it; empty when nothing is.</param>
    /// <returns>The message; <see langword="null"/> when something is wrong.</returns>
    public static byte[]? Read(byte[] utf8, MessageDescriptor type, out string fault)
    {
        fault = "";
        var document = JsonReader.Parse(utf8, RequestLimits.MessageMax);
        IReadOnlyList<Fault> faults = document.IsValid ? MessageShape.FaultsOf(document.Value, type) : document.Faults;
        if (faults.Count > 0)
        {
            fault = TextOf(faults[0]);
            return null;
        }

        try
        {
            return JsonParser.Default.Parse(Encoding.UTF8.GetString(utf8), type).ToByteArray();
        }
        catch (InvalidProtocolBufferException)
        {
            fault = "body: no message of this method";
            return null;
        }
    }

    /// <summary>Writes a message; fields at their default are left out.</summary>
    public static byte[] Write(IMessage message) => Encoding.UTF8.GetBytes(Formatter.Format(message));

    private static string TextOf(Fault fault) => (fault.Pointer.Length == 0 ? "body" : fault.Pointer) + ": " + fault.Message;
}
