"""What was promised in letters and motions, to whom, by when, and was it answered?"""
