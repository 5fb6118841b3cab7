"""What the resources around a cache make of it: its security groups, its subnets and their routes."""
