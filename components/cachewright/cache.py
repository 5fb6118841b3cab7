"""What every cache has in common: outputs, connections, alarms, grants."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_aws import cloudwatch, iam

from cachewright.arguments import Values
from cachewright.metric_alarms import Node, make_alarms, member_nodes, node_type_facts
from cachewright.naming import physical

if TYPE_CHECKING:
    from cachewright.security_group import SecurityGroup


class Cache(pulumi.ComponentResource):
    """The base of the cache components."""

    endpoint: pulumi.Output[str]
    """Where clients write: the primary's, or the configuration endpoint's, host name."""
    reader_endpoint: pulumi.Output[str]
    """Where clients may read from replicas; the endpoint itself where there is no other."""
    port: pulumi.Output[int]
    """The port of both endpoints."""
    url_template: pulumi.Output[str]
    """A connection URL in which `{token}` stands for the secret, such as `rediss://:{token}@host:6379`;
    percent-encode what you put there."""
    secret_arn: pulumi.Output[str | None]
    """The ARN of the Secrets Manager secret that holds what the cache itself has generated, an AUTH token or a user's
    password; None where there is none."""
    security_group_id: pulumi.Output[str | None]
    """The id of the cache's own security group; None where existing ones are used."""
    client_security_group_id: pulumi.Output[str | None]
    """The id of the security group that lets its members connect; None where existing groups are used."""
    member_ids: pulumi.Output[Sequence[str]]
    """The ids of the cache's nodes, as CloudWatch has them."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        security_group: SecurityGroup | None
        """The component that makes the security groups, or None where existing ones are used."""

    _name: str
    _tags: Any
    _region: Any
    _kind: str
    _members: Sequence[pulumi.Output[str]]
    _node_type: str | None
    _grants: int = 0
    _alarmed: bool = False

    def allow_from(self, security_group_id: pulumi.Input[str], rule_name: str | None = None) -> None:
        """Let the members of a security group connect.

        Args:
            security_group_id: The clients' group.
            rule_name: What to call the rule; by default it is numbered in the order of the calls.

        Raises:
            ValueError: The cache uses existing security groups, whose rules are not its own.
        """
        if self.security_group is None:
            msg = (
                f"{type(self).__name__} '{self._name}': allow_from needs the cache's own security group, got existing"
                " security_group_ids; give vpc_id instead, or add the rule to the existing group"
            )
            raise ValueError(msg)
        self.security_group.allow_from(security_group_id, rule_name)

    def alarm_on(self, topic_arn: pulumi.Input[str]) -> Sequence[cloudwatch.MetricAlarm]:
        """Raise the alarms that AWS recommends, each for each of the cache's nodes, to an SNS topic.

        Args:
            topic_arn: The topic that is told when an alarm goes off, and when it is over.

        Returns:
            The alarms.

        Raises:
            ValueError: They are raised already, by `alarm_topic_arn` or an earlier call.
        """
        if self._alarmed:
            msg = (
                f"{type(self).__name__} '{self._name}': alarm_on must be called once, and not beside alarm_topic_arn;"
                " subscribe everybody who is to be told to one topic"
            )
            raise ValueError(msg)
        self._alarmed = True
        return make_alarms(
            self,
            self._name,
            topic_arn,
            self._alarm_nodes(),
            kind=self._kind,
            facts=self._alarm_facts(),
            region=self._region,
            tags=self._tags,
        )

    def _raise_alarms(self, checked: Values) -> None:
        """Raise the alarms if the arguments say to whom."""
        if checked.given("alarm_topic_arn"):
            self.alarm_on(checked["alarm_topic_arn"])

    def _alarm_facts(self) -> Mapping[str, float]:
        return node_type_facts(self._node_type)

    def _alarm_nodes(self) -> Sequence[Node]:
        return member_nodes(self._members)

    def _grant(
        self, role: pulumi.Input[str], grant_name: str, resources: Sequence[pulumi.Input[str]], actions: Sequence[str]
    ) -> iam.RolePolicy:
        document = pulumi.Output.all(*resources).apply(
            lambda arns: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": list(arns)}],
                }
            )
        )
        self._grants += 1
        number = "" if self._grants == 1 else f"-{self._grants}"
        return iam.RolePolicy(
            physical(f"{self._name}-{grant_name}{number}"),
            policy=document,
            role=role,
            opts=pulumi.ResourceOptions(parent=self),
        )
