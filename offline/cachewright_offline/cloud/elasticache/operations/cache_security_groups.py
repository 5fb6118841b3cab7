"""Cache security groups, which belong to EC2-Classic: AWS refuses them in every account of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from cachewright_offline.cloud.elasticache.faults import invalid_value
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params


@operation("AuthorizeCacheSecurityGroupIngress")
@operation("CreateCacheSecurityGroup")
@operation("DeleteCacheSecurityGroup")
@operation("DescribeCacheSecurityGroups")
@operation("RevokeCacheSecurityGroupIngress")
def refuse(context: Context, params: Params) -> NoReturn:
    """Refuse in AWS's words."""
    del context, params
    raise invalid_value("Use of cache security groups is not permitted in this API version for your account.")
