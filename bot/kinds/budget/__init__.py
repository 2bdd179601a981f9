"""Budgets: elections as files that other programs count too."""

from bot.kinds.budget import commands
from bot.kinds.manifest import Commands, Manifest

MANIFEST = Manifest("budget", commands=Commands(commands.add_parsers, commands.execute))
