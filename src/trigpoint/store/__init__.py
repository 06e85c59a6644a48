"""The workspace's stores: loads and texts that are never altered, snapshots, and the writer's lock."""
