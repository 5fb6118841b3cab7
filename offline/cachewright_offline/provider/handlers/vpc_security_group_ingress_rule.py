"""aws.vpc.SecurityGroupIngressRule."""

from __future__ import annotations

from cachewright_offline.provider.handlers.vpc_security_group_rules import SecurityGroupRuleHandler


class SecurityGroupIngressRuleHandler(SecurityGroupRuleHandler):
    """A rule for what comes in."""

    @property
    def direction(self) -> str:
        """`ingress`."""
        return "ingress"
