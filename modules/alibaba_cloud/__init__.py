"""Alibaba Cloud's audit services as collector modules."""
