"""What is said besides answers and needs: greetings, questions about the bot, wishes for a person."""
