"""What citizens decide about what they are sent, and what staff ask for in their chat, carried out."""
