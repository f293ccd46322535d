using System.Text;
using ClawPdp.Core.Encoding;
using Google.Protobuf.Collections;

namespace ClawPdp.Server.Grpc;

/// <summary>Collects the first fault of a message while its fields are looked at one by one.</summary>
internal sealed class RequestCheck
{
    /// <summary>Gets the first fault found; <see langword="null"/> while there is none.</summary>
    public RequestFault? Fault { get; private set; }

    /// <summary>Adds a fault unless there is one already.</summary>
    public RequestCheck Refuse(string field, string message)
    {
        Fault ??= new RequestFault(field, message);
        return this;
    }

    /// <summary>Checks the length of a field that may be empty.</summary>
    public RequestCheck Text(string field, string value, int bytesMax)
    {
        // A UTF-16 unit is at least one byte: the exact count is made only where it can matter.
        if (value.Length > bytesMax || (value.Length * 3L > bytesMax && Encoding.UTF8.GetByteCount(value) > bytesMax))
        {
            Refuse(field, $"longer than {bytesMax} bytes");
        }

        return this;
    }

    /// <summary>Checks the length of a field that must not be empty.</summary>
    public RequestCheck Required(string field, string value, int bytesMax)
    {
        if (value.Length == 0)
        {
            Refuse(field, "required");
        }

        return Text(field, value, bytesMax);
    }

    /// <summary>Checks a hash that may be empty.</summary>
    public RequestCheck Hash(string field, string value)
    {
        if (value.Length > 0 && !Base64UrlText.IsSha256(value))
        {
            Refuse(field, $"not {RequestLimits.HashLength} canonical base64url characters");
        }

        return this;
    }

    /// <summary>Checks the number of elements of a list.</summary>
    public RequestCheck Count(string field, int count, int min, int max)
    {
        if (count < min || count > max)
        {
            Refuse(field, $"{count} elements, {min} to {max} are allowed");
        }

        return this;
    }

    /// <summary>Checks what a caller states about its action.</summary>
    public RequestCheck Context(MapField<string, string> context)
    {
        Count("context", context.Count, 0, RequestLimits.ContextCountMax);
        foreach (var (key, value) in context)
        {
            Required("context key", key, RequestLimits.ContextKeyMax);
            Text("context value", value, RequestLimits.ContextValueMax);
        }

        return this;
    }

    /// <summary>Checks a list of signed approvals.</summary>
    public RequestCheck Approvals(RepeatedField<Google.Protobuf.ByteString> approvals)
    {
        Count("approvals", approvals.Count, 0, RequestLimits.ApprovalCountMax);
        return approvals.Any(static approval => approval.Length > RequestLimits.ApprovalMax)
            ? Refuse("approvals", $"an element is longer than {RequestLimits.ApprovalMax} bytes")
            : this;
    }
}
