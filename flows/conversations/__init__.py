"""Every conversation that is not about one kind: welcome, menu, profile, my data, invitations."""
