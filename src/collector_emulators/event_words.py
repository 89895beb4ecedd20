"""The words synthetic events are written with: services, calls, errors, texts.

It knows nothing of how they are put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Product(NamedTuple):
    """What events of one service are made of.

    Attributes:
        weight: Share of the events.
        version: Value of `apiVersion`.
        resource_type: Type in `referencedResources`.
        prefix: Start of a resource's name.
        reads: Names of reading calls.
        writes: Names of writing calls.
    """

    weight: int
    version: str
    resource_type: str
    prefix: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


PRODUCTS: Final[Mapping[str, Product]] = {
    "Ecs": Product(
        weight=30,
        version="2014-05-26",
        resource_type="ACS::ECS::Instance",
        prefix="i-bp1",
        reads=("DescribeInstances", "DescribeDisks", "DescribeSecurityGroups"),
        writes=("RunInstances", "StopInstance", "DeleteSecurityGroup"),
    ),
    "Oss": Product(
        weight=18,
        version="2019-05-17",
        resource_type="ACS::OSS::Bucket",
        prefix="bucket-",
        reads=("ListUserRegions", "GetBucketInfo", "ListBuckets"),
        writes=("PutBucketAcl", "DeleteBucket"),
    ),
    "Ram": Product(
        weight=10,
        version="2015-05-01",
        resource_type="ACS::RAM::User",
        prefix="user-",
        reads=("ListUsers", "GetPolicy"),
        writes=("CreateUser", "AttachPolicyToUser"),
    ),
    "Rds": Product(
        weight=8,
        version="2014-08-15",
        resource_type="ACS::RDS::DBInstance",
        prefix="rm-bp1",
        reads=("DescribeDBInstances",),
        writes=("RestartDBInstance", "ModifySecurityIps"),
    ),
    "Slb": Product(
        weight=8,
        version="2014-05-15",
        resource_type="ACS::SLB::LoadBalancer",
        prefix="lb-bp1",
        reads=("DescribeLoadBalancers", "DescribeHealthStatus"),
        writes=("DeleteLoadBalancer",),
    ),
    "Log": Product(
        weight=8,
        version="2020-12-30",
        resource_type="ACS::SLS::Project",
        prefix="project-",
        reads=("GetLogs", "ListProject"),
        writes=("CreateLogStore",),
    ),
    "Kms": Product(
        weight=8,
        version="2016-01-20",
        resource_type="ACS::KMS::Key",
        prefix="key-",
        reads=("DescribeKey", "ListKeys"),
        writes=("ScheduleKeyDeletion",),
    ),
    "Cms": Product(
        weight=7,
        version="2019-01-01",
        resource_type="ACS::CMS::Rule",
        prefix="rule-",
        reads=("DescribeMetricList",),
        writes=("PutResourceMetricRule",),
    ),
    "Actiontrail": Product(
        weight=3,
        version="2020-07-06",
        resource_type="ACS::ActionTrail::Trail",
        prefix="trail-",
        reads=("LookupEvents", "DescribeTrails"),
        writes=("UpdateTrail",),
    ),
}

FAILURES: Final = (
    ("NoPermission", "You are not authorized to perform this operation."),
    ("Forbidden.RAM", "User not authorized to operate on the specified resource."),
    ("InvalidParameter", "The specified parameter is not valid."),
)
AGENTS: Final = (
    "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2",
    "AliyunConsole",
    "aliyun-oss-console",
    "Apache-HttpClient/4.5.7 (Java/1.8.0_275)",
    "ecs.aliyuncs.com",
    "",
)
BROWSER: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/120.0.0.0 Safari/537.36"
)
TEXTS: Final = (
    "nightly job",
    "测试环境",
    "déploiement",
    "rollout 🚀 done",
    'says "no"\nand \\ ends\t',
    "𠜎 four bytes",
)
