"""What a kind of consultation needs beyond its flow: a desk, papers, tables, files."""
