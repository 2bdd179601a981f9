"""What a flow is made of: questions, answers, facts, effects, and the engine that replays it."""
