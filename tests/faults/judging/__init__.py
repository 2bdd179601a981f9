"""What happened in a trial, written down by its driver, and who judges it afterwards."""
