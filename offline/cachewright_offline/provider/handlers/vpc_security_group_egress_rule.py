"""aws.vpc.SecurityGroupEgressRule."""

from __future__ import annotations

from cachewright_offline.provider.handlers.vpc_security_group_rules import SecurityGroupRuleHandler


class SecurityGroupEgressRuleHandler(SecurityGroupRuleHandler):
    """A rule for what goes out."""

    @property
    def direction(self) -> str:
        """`egress`."""
        return "egress"
