"""What comes beside the question that was asked: what was meant, and what people say besides."""
