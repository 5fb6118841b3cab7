"""Default and explicit providers, functions, transforms, references to other stacks, and configuration."""

from __future__ import annotations

import pytest

from cachewright_offline.engine.errors import ProgramError
from cachewright_offline.values import Secret


def steps(plan, *, same=False):
    return [(step.op, step.name) for step in plan.steps if same or step.op != "same"]


def providers(bench):
    return {one.urn: one for one in bench.stack().state.load().resources if one.type == "pulumi:providers:test"}


def test_default_provider_is_made_once_and_not_shown(bench):
    """A package's default provider is in the state, is no visible step, and carries the version it was asked for."""
    result = bench.up(
        'Thing("a", opts=ResourceOptions(version="7.51.1"))\nThing("b", opts=ResourceOptions(version="7.51.1"))'
    )
    assert steps(result.plan) == [("create", "shop-dev"), ("create", "a"), ("create", "b")]
    ((urn, provider),) = providers(bench).items()
    assert urn == "urn:pulumi:dev::shop::pulumi:providers:test::default_7_51_1"
    assert provider.inputs == {"version": "7.51.1", "__internal": {}}
    assert provider.outputs == {"version": "7.51.1"}
    assert bench.resources()["a"].provider == f"{urn}::{provider.id}"
    assert result.counts == {"create": 3}


def test_default_provider_takes_the_packages_configuration(bench):
    """The stack's values of a package configure its default provider, secrets as secrets."""
    bench.config = {"test:region": "eu-west-1"}
    result = bench.up('a = Thing("a")\npulumi.export("region", a.region)')
    assert result.outputs == {"region": "eu-west-1"}
    assert next(iter(providers(bench).values())).inputs == {"region": "eu-west-1"}


def test_changed_default_region_replaces_what_it_holds(bench):
    """A provider that must be replaced replaces its resources."""
    bench.config = {"test:region": "eu-west-1"}
    bench.up('Thing("a")')
    bench.config = {"test:region": "us-east-1"}
    result = bench.up()
    assert steps(result.plan) == [
        ("create-replacement", "a"),
        ("replace", "a"),
        ("delete-replaced", "a"),
    ]
    assert result.plan.changes[0].replace_keys == ("provider",)


def test_new_version_of_a_default_provider_replaces_nothing(bench):
    """Another version is another provider resource; its resources move over without a step."""
    bench.up('Thing("a", opts=ResourceOptions(version="7.51.1"))')
    assert steps(bench.up('Thing("a", opts=ResourceOptions(version="7.52.0"))').plan) == []
    assert [urn.rpartition("::")[2] for urn in providers(bench)] == ["default_7_52_0"]


def test_explicit_provider_configures_its_resources(bench):
    """A provider resource serves the resources that name it, and their children."""
    result = bench.up("""
        far = TestProvider("far", region="ap-southeast-2")
        a = Thing("a", opts=ResourceOptions(provider=far))
        box = Box("box", ResourceOptions(providers=[far]))
        b = Thing("b", opts=ResourceOptions(parent=box))
        c = Thing("c")
        pulumi.export("regions", [a.region, b.region, c.region])
    """)
    assert result.outputs == {"regions": ["ap-southeast-2", "ap-southeast-2", ""]}
    assert ("create", "far") in steps(result.plan)
    assert steps(bench.up().plan) == []
    assert steps(bench.destroy().plan)[-1] == ("delete", "shop-dev")


def test_explicit_provider_with_another_region_replaces(bench):
    """A changed region of an explicit provider replaces it and its resources, creating first."""
    program = 'far = TestProvider("far", region="{}")\nThing("a", opts=ResourceOptions(provider=far))'
    bench.up(program.format("eu-west-1"))
    assert steps(bench.up(program.format("us-east-1")).plan) == [
        ("create-replacement", "far"),
        ("replace", "far"),
        ("create-replacement", "a"),
        ("replace", "a"),
        ("delete-replaced", "a"),
        ("delete-replaced", "far"),
    ]


def test_explicit_provider_with_other_settings_is_updated(bench):
    """A harmless change of a provider is an update of the provider alone."""
    program = (
        'far = TestProvider("far", region="eu-west-1", retries="{}")\nThing("a", opts=ResourceOptions(provider=far))'
    )
    bench.up(program.format(1))
    assert steps(bench.up(program.format(2)).plan) == [("update", "far")]


def test_refused_provider_configuration_is_told(bench):
    """A provider's own check fails like any resource's."""
    result = bench.up('TestProvider("far", region="nowhere")')
    assert result.errors == (
        "pulumi:providers:test resource 'far': property region has a problem: there is no such region",
    )


def test_invoke_answers_with_the_right_provider(bench):
    """Functions go to the default provider, or to the one named; in a preview too."""
    program = """
        far = TestProvider("far", region="ap-southeast-2")
        near = pulumi.runtime.invoke("test:index:greet", {"name": "you"}).value
        there = pulumi.runtime.invoke("test:index:greet", {"name": "you"}, pulumi.InvokeOptions(provider=far)).value
        a = Thing("a", value="x")
        later = pulumi.runtime.invoke_output("test:index:greet", {"name": a.value})
        pulumi.export("all", [near["text"], there["region"], later.apply(lambda answer: answer["text"])])
    """
    assert bench.up(program).outputs == {"all": ["hello you", "ap-southeast-2", "hello x"]}
    assert bench.preview(program).outputs == {"all": ["hello you", "ap-southeast-2", "hello x"]}


def test_invoke_errors_can_be_caught_by_the_program(bench):
    """A function that fails, or refuses, is an exception in the program and nothing more."""
    result = bench.up("""
        messages = []
        for token in ("test:index:nope", "test:index:refuse"):
            try:
                pulumi.runtime.invoke(token, {"name": "you"})
            except Exception as error:
                messages.append(str(error))
        pulumi.export("messages", messages)
    """)
    assert result.outputs == {
        "messages": [
            "invoke of test:index:nope failed: invocation of test:index:nope returned an error: no function"
            " test:index:nope",
            "invoke of test:index:refuse failed: is refused (name)",
        ]
    }


def test_uncaught_invoke_error_fails_the_program(bench):
    """A function that fails ends a program that does not expect it, at the line that called it."""
    with pytest.raises(ProgramError, match="invoke of test:index:nope failed") as caught:
        bench.up('pulumi.runtime.invoke("test:index:nope", {})')
    assert caught.value.file == "program/__main__.py"


def test_transforms_change_what_is_registered(bench):
    """A resource's own transform runs first, then its parents', then the stack's; options may change too."""
    result = bench.up("""
        def adding(letter):
            def transform(args):
                if args.type_ != "test:index:Thing":
                    return None
                props = {**args.props, "value": args.props["value"] + letter}
                opts = ResourceOptions.merge(args.opts, ResourceOptions(protect=True))
                return pulumi.ResourceTransformResult(props, opts)
            return transform

        pulumi.runtime.register_resource_transform(adding("s"))
        box = Box("box", ResourceOptions(transforms=[adding("p")]))
        a = Thing("a", value="v", opts=ResourceOptions(parent=box, transforms=[adding("o")]))
        b = Thing("b", value="w", other=a.arn)
        pulumi.export("value", a.value)
    """)
    assert result.outputs == {"value": "vops"}
    resources = bench.resources()
    assert resources["a"].protect
    assert resources["b"].inputs["value"] == "ws"
    assert resources["b"].property_dependencies["other"] == [resources["a"].urn]


def test_failing_transform_is_told(bench):
    """A transform that raises ends the run with its message."""
    result = bench.up("""
        def transform(args):
            raise ValueError("not like this")

        Thing("a", opts=ResourceOptions(transforms=[transform]))
    """)
    assert result.result == "failed"
    assert "not like this" in result.errors[0]


def test_invoke_transforms_change_arguments(bench):
    """A transform of invokes sees every function call."""
    result = bench.up("""
        def transform(args):
            return pulumi.InvokeTransformResult({**args.args, "name": "all"}, args.opts)

        pulumi.runtime.register_invoke_transform(transform)
        pulumi.export("text", pulumi.runtime.invoke("test:index:greet", {"name": "you"}).value["text"])
    """)
    assert result.outputs == {"text": "hello all"}


def test_stack_reference_reads_another_stack(bench):
    """Outputs of a stack in the same backend are at hand, secrets as secrets, by each form of its name."""
    bench.stack_name = "base"
    bench.up('pulumi.export("vpc", "vpc-1")\npulumi.export("token", Output.secret("hush"))')
    bench.stack_name = "dev"
    result = bench.up("""
        refs = [pulumi.StackReference(name) for name in ("organization/shop/base", "shop/base", "base")]
        pulumi.export("vpcs", [ref.get_output("vpc") for ref in refs])
        pulumi.export("token", refs[0].require_output("token"))
        pulumi.export("none", refs[0].get_output("nope"))
    """)
    assert result.outputs["vpcs"] == ["vpc-1", "vpc-1", "vpc-1"]
    assert result.outputs["token"] == Secret("hush")
    assert steps(bench.up().plan) == [
        ("read", "organization/shop/base"),
        ("read", "shop/base"),
        ("read", "base"),
    ]


def test_stack_reference_to_nowhere_names_what_is_there(bench):
    """A stack that is not there is told with those that are."""
    bench.up("pass")
    result = bench.up('pulumi.StackReference("shop/nope").get_output("vpc")')
    assert result.errors == (
        f"pulumi:pulumi:StackReference 'shop/nope': stack reference 'shop/nope': the project 'shop' has no stack 'nope'"
        f" in {bench.root / 'state'} (known: dev); bring it up first",
    )


def test_configuration_reaches_the_program(bench):
    """Values of the stack's file, its secrets and the project's defaults are the program's configuration."""
    bench.config = {"size": "3", "shop:color": "red"}
    result = bench.up("""
        config = pulumi.Config()
        pulumi.export("size", config.require_int("size"))
        pulumi.export("color", config.get("color"))
        pulumi.export("names", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
        pulumi.export("preview", pulumi.runtime.is_dry_run())
    """)
    assert result.outputs == {
        "size": 3,
        "color": "red",
        "names": ["shop", "dev", "organization"],
        "preview": False,
    }


def test_log_messages_become_diagnostics(bench):
    """What a program logs is reported with its severity; debug messages on request only."""
    program = 'pulumi.log.info("one")\npulumi.log.warn("two")\npulumi.log.debug("three")\nThing("a")'
    bench.up(program)
    assert (bench.messages("info"), bench.messages("warning"), bench.messages("debug")) == (["one"], ["two"], [])
    bench.up(program, debug=True)
    assert "three" in bench.messages("debug")


def test_resource_reference_crosses_to_another_resource(bench):
    """A resource passed as a value is kept as a reference in the state."""
    bench.up('a = Thing("a")\nThing("b", value=a)')
    resources = bench.resources()
    assert resources["b"].inputs["value"].urn == resources["a"].urn
    assert resources["b"].inputs["value"].id == resources["a"].id
    assert steps(bench.up().plan) == []
