"""Plans from the files that Pulumi's own CLI writes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.engine.deployment import encode_value
from cachewright_offline.engine.secrets import Crypter
from cachewright_offline.errors import CachewrightError
from cachewright_offline.values import UNKNOWN, Secret
from cachewright_ops import recorded_plans

SECRET_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGN = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
GROUP_URN = "urn:pulumi:prod::shop::aws:elasticache/replicationGroup:ReplicationGroup::sessions"


def group(**inputs):
    """A resource as a deployment holds it."""
    return {
        "urn": GROUP_URN,
        "custom": True,
        "type": "aws:elasticache/replicationGroup:ReplicationGroup",
        "id": "sessions-1",
        "inputs": inputs,
        "outputs": {},
        "sourcePosition": "project:///__main__.py#7",
    }


def deployment(*resources, salt="", **members):
    """An exported state."""
    providers = {"type": "passphrase", "state": {"salt": salt}}
    return {"version": 3, "deployment": {"secrets_providers": providers, "resources": list(resources), **members}}


@pytest.fixture
def written(tmp_path):
    """Write a document to a file."""

    def write(document: object):
        file = tmp_path / "file.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        return file

    return write


class TestState:
    """`pulumi stack export`."""

    def test_everything_stays_the_same_where_it_is(self, written):
        """Project, stack, id and the line in the program are those of the file; what is being deleted is left out."""
        plan = recorded_plans.of_state(written(deployment(group(engine="redis"), {**group(), "delete": True})))
        assert (plan.project, plan.stack) == ("shop", "prod")
        (step,) = plan.steps
        assert (step.op, step.urn, step.new.id, str(step.source)) == ("same", GROUP_URN, "sessions-1", "__main__.py:7")
        assert step.new.inputs == {"engine": "redis"}

    def test_without_a_passphrase_secrets_are_unknown_secrets(self, written):
        """Nothing is asked for, whatever provider has encrypted them."""
        secret = {SECRET_KEY: SECRET_SIGN, "ciphertext": "v1:a:b"}
        document = deployment(group(authToken=secret, tags={"a": [secret]}))
        document["deployment"]["secrets_providers"] = {"type": "service", "state": {}}
        plan = recorded_plans.of_state(written(document))
        assert plan.steps[0].new.inputs == {"authToken": Secret(UNKNOWN), "tags": {"a": [Secret(UNKNOWN)]}}

    def test_with_the_passphrase_secrets_are_read(self, written):
        """The value is there, and still marked."""
        crypter = Crypter(lambda: "phrase")
        secret = encode_value(Secret("t0ken-t0ken-t0ken"), crypter)
        file = written(deployment(group(authToken=secret), salt=crypter.salt))
        assert recorded_plans.of_state(file, "phrase").steps[0].new.inputs == {"authToken": Secret("t0ken-t0ken-t0ken")}

    def test_secrets_that_are_shown_and_what_cannot_be_held(self, written):
        """`--show-secrets` writes plain text; an asset is unknown."""
        shown = {SECRET_KEY: SECRET_SIGN, "plaintext": '"open"'}
        asset = {SECRET_KEY: "c44067f5952c0a294b673a41bacd8c17", "hash": "x"}
        plan = recorded_plans.of_state(written(deployment(group(authToken=shown, code=asset))))
        assert plan.steps[0].new.inputs == {"authToken": Secret("open"), "code": UNKNOWN}

    def test_a_stack_that_was_never_updated_is_empty(self, written):
        """There is nothing to check."""
        assert recorded_plans.of_state(written({"version": 3, "deployment": None})).steps == ()

    @pytest.mark.parametrize(
        ("document", "told"),
        [
            ("{", "is not JSON: Expecting property name enclosed in double quotes"),
            ([], "is no deployment: not a Pulumi checkpoint: expected an object with 'version' and 'checkpoint'"),
            ({"version": 2, "deployment": {}}, "is no deployment: the state's version must be 3 or 4, found 2"),
            (deployment({"urn": GROUP_URN, "inputs": 3}), "is no deployment: [0].type: Field required; name what"),
            (deployment("nonsense"), "is no deployment: [0]: Input should be a valid dictionary"),
        ],
        ids=["no JSON", "a list", "an old version", "a resource without members", "a resource that is none"],
    )
    def test_a_wrong_file_is_told(self, written, document, told):
        """One message that names the option and the file."""
        file = written(document)
        with pytest.raises(CachewrightError) as caught:
            recorded_plans.of_state(file)
        assert str(caught.value).startswith(f"--state: {file} {told}")

    @given(
        document=st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "version",
                            "deployment",
                            "resources",
                            "urn",
                            "type",
                            "inputs",
                            "steps",
                            "op",
                            "newState",
                            "changeSummary",
                        ]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        )
    )
    def test_no_file_breaks_it(self, tmp_path_factory, document):
        """Whatever stands in a file, it is a plan or one clear message."""
        file = tmp_path_factory.mktemp("any") / "any.json"
        file.write_text(json.dumps(document))
        for read in (recorded_plans.of_state, recorded_plans.of_preview):
            try:
                read(file)
            except CachewrightError as error:
                assert str(file) in str(error)


class TestPreview:
    """`pulumi preview --json`."""

    def test_steps_with_unknown_and_blinded_values(self, written):
        """Operation, both states, what forces a replacement, unknown ids and secrets."""
        new = {**group(engine="valkey", subnetGroupName=UNKNOWN_TEXT, authToken="[secret]"), "id": UNKNOWN_TEXT}
        step = {"op": "replace", "urn": GROUP_URN, "oldState": group(engine="redis"), "newState": new}
        file = written({"steps": [{**step, "replaceReasons": ["engine"], "diffReasons": ["engine"]}]})
        plan, left_out = recorded_plans.of_preview(file)
        (found,) = plan.steps
        assert (plan.stack, left_out, found.op, found.replace_keys) == ("prod", 0, "replace", ("engine",))
        assert found.new.inputs == {"engine": "valkey", "subnetGroupName": UNKNOWN, "authToken": Secret(UNKNOWN)}
        assert found.new.id == ""
        assert found.old.inputs == {"engine": "redis"}

    def test_unchanged_resources_that_are_left_out_are_counted(self, written):
        """Without `--show-sames` they are missing."""
        same = {"op": "same", "urn": GROUP_URN, "oldState": group(), "newState": group()}
        assert recorded_plans.of_preview(written({"steps": [same], "changeSummary": {"same": 5}}))[1] == 4

    @pytest.mark.parametrize(
        ("document", "told"),
        [
            ([], " is no preview: expected an object with 'steps', found list; name what"),
            (
                {"steps": [{"op": "fly", "urn": GROUP_URN, "newState": group()}]},
                " is no preview: steps[0].op: Input should be 'same', 'create', ",
            ),
            (
                {"steps": [{"op": "same", "urn": GROUP_URN}]},
                f" is no preview: the step same of {GROUP_URN} has neither an old nor a new state; name what",
            ),
            ({"steps": [{"urn": GROUP_URN}]}, " is no preview: steps[0].op: Field required; name what"),
        ],
        ids=["a list", "an unknown operation", "no state", "no operation"],
    )
    def test_a_wrong_file_is_told(self, written, document, told):
        """One message that names the option, the file and the step."""
        file = written(document)
        with pytest.raises(CachewrightError) as caught:
            recorded_plans.of_preview(file)
        assert str(caught.value).startswith(f"--preview: {file}{told}")
