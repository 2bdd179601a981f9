"""What came of consultations: summaries, downloads, indicators, the public record."""
