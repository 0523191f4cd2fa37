"""What check_intake.py and bombs.py share: running the program, and looking at what it leaves.

Nothing here reads a file the way canvass does: the counts come from other people's readers.
"""
