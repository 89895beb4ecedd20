"""The vendor's regions, as far as they are known here: new ones appear every year.

So nothing is refused for its region; but a slip of the pen is near a known one.
"""

from __future__ import annotations

KNOWN_REGIONS = frozenset(
    {
        *("cn-beijing", "cn-chengdu", "cn-fuzhou", "cn-guangzhou"),
        *("cn-hangzhou", "cn-heyuan", "cn-hongkong", "cn-huhehaote"),
        *("cn-nanjing", "cn-qingdao", "cn-shanghai", "cn-shenzhen"),
        *("cn-wuhan-lr", "cn-wulanchabu", "cn-zhangjiakou", "cn-zhongwei"),
        *("cn-beijing-finance-1", "cn-hangzhou-finance", "cn-heyuan-acdr-1"),
        *("cn-north-2-gov-1", "cn-shanghai-finance-1", "cn-shenzhen-finance-1"),
        *("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1"),
        *("ap-southeast-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6"),
        *("ap-southeast-7", "eu-central-1", "eu-west-1", "me-central-1"),
        *("me-east-1", "na-south-1", "us-east-1", "us-southeast-1"),
        "us-west-1",
    }
)
"""Identifiers of regions, those that were closed included: their names are right.

Source:
    The vendor's lists of regions, and the addresses its SDKs know.
"""
