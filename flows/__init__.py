"""What is said: pure conversations, answers, kinds of consultation and their wording.

Nothing in here reads a clock, a file that is not package data, a database or a network.
"""
