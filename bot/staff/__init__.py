"""What staff do, whatever the kind: accounts, approvals, open answers."""
