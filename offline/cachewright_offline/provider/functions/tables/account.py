"""Functions about the account, its region and IAM documents: answered without a call."""

from __future__ import annotations

from typing import Final

FUNCTIONS: Final = {
    "aws:iam/getPolicyDocument:getPolicyDocument": "iam_get_policy_document",
    "aws:index/getAvailabilityZones:getAvailabilityZones": "get_availability_zones",
    "aws:index/getCallerIdentity:getCallerIdentity": "get_caller_identity",
    "aws:index/getPartition:getPartition": "get_partition",
    "aws:index/getRegion:getRegion": "get_region",
}
