"""What every cache has in common: outputs, connections, alarms, grants."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_aws import cloudwatch, iam

from cachewright.catalog import alarms, metrics, node_types
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
    """A connection URL in which `{token}` stands for the secret, such as `rediss://:{token}@host:6379`."""
    secret_arn: pulumi.Output[str | None]
    """The ARN of the Secrets Manager secret that holds the AUTH token; None where there is none."""
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
        """
        made = []
        for alarm in alarms.recommended(self._kind):
            if alarm.name == "replication-lag" and len(self._members) == 1:
                continue
            threshold = self._threshold(alarm)
            if threshold is None:
                continue
            for label, dimensions in self._alarm_dimensions():
                made.append(
                    cloudwatch.MetricAlarm(
                        physical(f"{self._name}{label}-{alarm.name}"),
                        alarm_actions=[topic_arn],
                        alarm_description=f"ElastiCache {self._name}: {alarm.description}",
                        comparison_operator=alarm.comparison_operator,
                        dimensions=dimensions,
                        evaluation_periods=alarm.evaluation_periods,
                        metric_name=alarm.metric,
                        namespace=metrics.NAMESPACE,
                        ok_actions=[topic_arn],
                        period=alarm.period,
                        region=self._region,
                        statistic=alarm.statistic,
                        tags=self._tags,
                        threshold=threshold,
                        treat_missing_data=alarm.treat_missing_data,
                        opts=pulumi.ResourceOptions(parent=self),
                    )
                )
        return made

    def _alarm_facts(self) -> Mapping[str, float]:
        node_type = node_types.find(self._node_type or "")
        return {"vcpu": node_type.vcpu, "max_connections": node_type.max_connections} if node_type else {}

    def _threshold(self, alarm: alarms.Alarm) -> float | None:
        try:
            return alarm.threshold_for(self._alarm_facts())
        except ValueError:
            # The formula names something that is not known of this cache, such as a limit that was not set.
            return None

    def _alarm_dimensions(self) -> Sequence[tuple[str, Mapping[str, pulumi.Input[str]]]]:
        return [(f"-{index:03}", {"CacheClusterId": member}) for index, member in enumerate(self._members, start=1)]

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
