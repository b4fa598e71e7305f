using System.Net;
using Google.Protobuf;

namespace ModelOperator.Serving.Tests.Protocol.Grpc;

/// <param name="Http">Always 200 where gRPC is spoken at all.</param>
/// <param name="Status">The call's own status; -1 without one.</param>
/// <param name="Error">Its message.</param>
/// <param name="Message">What was answered, when it was not compressed.</param>
/// <param name="Response">For its headers.</param>
/// <param name="Body">As it came.</param>
internal sealed record GrpcReply<T>(HttpStatusCode Http, int Status, string Error, T? Message, HttpResponseMessage Response, byte[] Body)
    where T : IMessage<T>;
