"""Services that read a Log Store of Alibaba Cloud's Log Service, shard by shard."""
