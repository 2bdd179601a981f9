"""The organizer's own text, read from a file: what is in it, as paragraphs, and then as articles.

file -> blocks (`word`, `markdown`) -> articles (`articles`), with what was left out and why
"""
