"""What staff do about what citizens told: a case with a thread, a due day and a state, for any kind."""
