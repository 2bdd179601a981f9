"""What is shown of what came of a consultation: counts of the day while it is open, exact ones once it is over."""
