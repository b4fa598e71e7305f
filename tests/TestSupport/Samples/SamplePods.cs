using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.TestSupport.Samples;

/// <summary>Pods as a busy cluster has them: 6.5 KB of JSON with twelve variables and two entries of <c>managedFields</c>.</summary>
public static class SamplePods
{
    private static readonly JsonSerializerOptions AsServersWrite = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonNode Template = Read();

    /// <summary>The pod as JSON without a line break.</summary>
    /// <param name="number">Makes what tells pods apart: name, namespace, uid, node, addresses, container.</param>
    /// <param name="resourceVersion">The version.</param>
    public static string Json(int number, long resourceVersion)
    {
        var pod = Template.DeepClone();
        var metadata = pod["metadata"]!;
        metadata["name"] = $"model-digits-r7-6c9f7d5b4-{number:x5}";
        metadata["namespace"] = $"team-{number % 20}";
        metadata["uid"] = $"{number:x8}-6f1c-4e0e-9a57-2b6a9c1d{number % 10000:0000}";
        metadata["resourceVersion"] = $"{resourceVersion}";
        pod["spec"]!["nodeName"] = $"node-{number % 100:000}";
        var address = $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}";
        var status = pod["status"]!;
        status["hostIP"] = $"10.0.{number % 100}.1";
        status["podIP"] = address;
        status["podIPs"]![0]!["ip"] = address;
        status["containerStatuses"]![0]!["containerID"] = $"containerd://{number:x64}";
        return pod.ToJsonString(AsServersWrite);
    }

    /// <summary>An event of a watch, as one line with its line break.</summary>
    public static byte[] EventLine(string type, string json) => Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","object":{{json}}}""" + "\n");

    private static JsonNode Read()
    {
        using var stream = typeof(SamplePods).Assembly.GetManifestResourceStream("pod.json")!;
        return JsonNode.Parse(stream)!;
    }
}
