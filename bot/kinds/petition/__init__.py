"""Petitions: signatures on paper, the procedure at the council, the desk."""
