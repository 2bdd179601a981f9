"""The program: builds everything, serves it, and is the command line. Alone names channels and kinds."""
