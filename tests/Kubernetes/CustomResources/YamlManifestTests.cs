using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.CustomResources;
using YamlDotNet.Serialization;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

internal sealed class YamlManifestTests
{
    [Test]
    public void What_looks_like_another_type_is_quoted_and_the_order_is_kept() =>
        Assert.That(
            YamlManifest.Write(JsonNode.Parse("""{"b":"1","a":1,"yes":"no","t":true,"d":2.5,"s":"x: y","l":[{"k":"v"}],"e":{}}""")!),
            Is.EqualTo(
                """
                b: "1"
                a: 1
                "yes": "no"
                t: true
                d: 2.5
                s: 'x: y'
                l:
                - k: v
                e: {}

                """));

    [Test]
    public void Long_texts_stay_on_one_line_and_read_back_the_same()
    {
        var text = string.Join(' ', Enumerable.Repeat("word: # ^[a-z]$ \"quoted\" 'single'", 20));

        var yaml = YamlManifest.Write(new JsonObject { ["text"] = text });

        Assert.That(yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
        Assert.That(new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(yaml)["text"], Is.EqualTo(text));
    }
}
