"""What people write where a choice was expected: kept, understood where it stands, never thrown away.

told of their own accord (`telling`) -> the consultation that takes it, half filled
"""
