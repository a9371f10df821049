"""What does it cost when somebody withholds something, when does it start to hurt, and what buys time?"""
