"""What a crash may not do: lose what was acknowledged, or do anything twice."""
