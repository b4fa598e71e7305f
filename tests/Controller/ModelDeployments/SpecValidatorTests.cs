using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments;

public sealed class SpecValidatorTests
{
    [TestCase(new[] { 10, 50, 30 }, "spec.rollout.steps[2].weight")]
    [TestCase(new[] { 100, 100 }, "spec.rollout.steps[0].weight")]
    [TestCase(new[] { 10, 101 }, "spec.rollout.steps[1].weight")]
    public void Steps_that_make_no_sense_are_refused_with_their_path(int[] weights, string path) =>
        Assert.That(SpecValidator.Validate(Deployment("digits", weights))?.Field, Is.EqualTo(path));

    [TestCase(new[] { 10, 10, 100 })]
    [TestCase(new[] { 5 })]
    public void Steps_that_do_not_fall_are_fine(int[] weights) => Assert.That(SpecValidator.Validate(Deployment("digits", weights)), Is.Null);

    [TestCase("digits.v2")]
    [TestCase("2digits")]
    [TestCase("a-name-that-is-so-long-that-no-service-could-be-made-of-it-at-all")]
    public void A_name_that_can_name_no_service_is_refused(string name) =>
        Assert.That(SpecValidator.Validate(Deployment(name, [10]))?.Field, Is.EqualTo("metadata.name"));

    private static V1Alpha1ModelDeployment Deployment(string name, int[] weights) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new ModelDeploymentSpec
        {
            Rollout = new RolloutSettings { Steps = [.. weights.Select(weight => new RolloutStep { Weight = weight, Hold = "10s" })] },
        },
    };
}
