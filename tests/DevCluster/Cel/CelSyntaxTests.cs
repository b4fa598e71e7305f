using ModelOperator.DevCluster.Cel.Syntax;

namespace ModelOperator.DevCluster.Cel;

public sealed class CelSyntaxTests
{
    [TestCase("", 0, "an operand was expected")]
    [TestCase("1 +", 3, "found the end of the expression")]
    [TestCase("1 2", 2, "found '2'")]
    [TestCase("(1", 2, "')' was expected")]
    [TestCase("'abc", 0, "a string literal does not end")]
    [TestCase("self.a # 1", 7, "token recognition error at: '#'")]
    [TestCase("spec.a == 1", 0, "undeclared reference to 'spec'")]
    [TestCase("self.all(x, x > 0) && x", 22, "undeclared reference to 'x'")]
    [TestCase("self.frobnicate()", 5, "undeclared reference to 'frobnicate'")]
    [TestCase("self.size(1)", 5, "found no matching overload for 'size' with 1 arguments")]
    [TestCase("has(self)", 0, "invalid argument to has() macro")]
    [TestCase("self.all(x)", 10, "',' was expected")]
    [TestCase("package", 0, "reserved identifier: package")]
    [TestCase("9223372036854775808", 0, "does not fit a 64-bit integer")]
    [TestCase("1u", 1, "unsigned integers are not supported")]
    [TestCase("'\\q'", 1, "unknown escape sequence")]
    public void A_mistake_is_named_with_its_place(string expression, int position, string reason)
    {
        var error = Assert.Throws<CelSyntaxException>(() => CelProgram.Compile(expression));
        Assert.Multiple(() =>
        {
            Assert.That(error!.Position, Is.EqualTo(position));
            Assert.That(error!.Message, Does.Contain(reason));
        });
    }

    [TestCase('(', "the expression nests more than")]
    [TestCase('[', "the expression nests more than")]
    [TestCase('-', "chain of more than")]
    [TestCase('!', "chain of more than")]
    public void Deep_nesting_is_refused_rather_than_risking_the_stack(char opening, string reason) =>
        Assert.That(() => CelProgram.Compile(new string(opening, 50_000) + "self"), Throws.TypeOf<CelSyntaxException>().With.Message.Contains(reason));

    [TestCase(" + 1")]
    [TestCase(" || true")]
    [TestCase(".a")]
    [TestCase("[0]")]
    public void A_long_chain_is_refused_too(string link) =>
        Assert.That(
            () => CelProgram.Compile("self" + string.Concat(Enumerable.Repeat(link, 5_000))),
            Throws.TypeOf<CelSyntaxException>().With.Message.Contains("chain of more than"));

    [Test]
    public void An_expression_has_a_longest_length() =>
        Assert.That(() => CelProgram.Compile(new string(' ', 100_001)), Throws.TypeOf<CelSyntaxException>().With.Message.Contains("longer than"));
}
