using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.DevCluster.Node.Images;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class ContainerWordsTests
{
    private static readonly Dictionary<string, string> Variables = new() { ["A"] = "1", ["HOST"] = "h" };

    [TestCase("plain", "plain")]
    [TestCase("$(A)", "1")]
    [TestCase("http://$(HOST):$(A)/", "http://h:1/")]
    [TestCase("$(UNKNOWN)", "$(UNKNOWN)")]
    [TestCase("$$(A)", "$(A)")]
    [TestCase("$$$(A)", "$1")]
    [TestCase("$A", "$A")]
    [TestCase("$(A", "$(A")]
    [TestCase("5$", "5$")]
    public void Variables_are_expanded_by_kubelets_rules(string text, string expanded)
    {
        Assert.That(VariableExpansion.Expand(text, Variables), Is.EqualTo(expanded));
    }

    [TestCase("/model", "/v/m")]
    [TestCase("/model/model.onnx", "/v/m/model.onnx")]
    [TestCase("/models", "/models")]
    [TestCase("--path=/model/x", "--path=/v/m/x")]
    [TestCase("file:///model/x", "file:///v/m/x")]
    [TestCase("--uri=file:///model/x", "--uri=file:///v/m/x")]
    [TestCase("http://host/model", "http://host/model")]
    [TestCase("/etc/prometheus/prometheus.yml", "/v/config/prometheus.yml")]
    [TestCase("/etc/prometheus/certs/ca", "/v/certs/ca")]
    [TestCase("echo /model", "echo /model")]
    [TestCase("/model:/etc/prometheus", "/v/m:/etc/prometheus")]
    public void Mount_paths_are_rewritten_where_a_word_names_them(string word, string rewritten)
    {
        var mounts = new MountTable([("/model/", "/v/m"), ("/etc/prometheus", "/v/config"), ("/etc/prometheus/certs", "/v/certs")]);

        Assert.That(mounts.Rewrite(word), Is.EqualTo(rewritten));
    }

    [TestCase("python:3", "python")]
    [TestCase("modeloperator/serving:0.1.0", "modeloperator/serving")]
    [TestCase("docker.io/library/python:3.12@sha256:00ff", "python")]
    [TestCase("registry.example.com:5000/team/app", "registry.example.com:5000/team/app")]
    [TestCase("registry.example.com:5000/team/app:v1", "registry.example.com:5000/team/app")]
    public void An_image_is_known_by_its_repository(string reference, string repository)
    {
        Assert.That(ImageMap.Repository(reference), Is.EqualTo(repository));
    }

    [TestCase(null, null, "entry point default args")]
    [TestCase("mine", null, "mine")]
    [TestCase(null, "a", "entry point a")]
    [TestCase("mine", "a", "mine a")]
    public void Command_replaces_entry_point_and_defaults_and_args_replace_defaults(string? command, string? args, string words)
    {
        var image = new LocalImage("x", ["entry", "point"], ["default", "args"]);
        var container = new V1Container { Command = command?.Split(' '), Args = args?.Split(' ') };

        Assert.That(string.Join(' ', ContainerComposer.Words(image, container)), Is.EqualTo(words));
    }

    [Test]
    public void An_image_that_nobody_mapped_says_what_to_add_where()
    {
        var map = new ImageMap([], "images.json");

        Assert.That(
            () => map.Resolve("example.com/app:1"),
            Throws.TypeOf<ImageNotFoundException>().With.Message.Contains("add example.com/app to images.json"));
    }
}
