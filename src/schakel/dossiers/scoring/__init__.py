"""How well are promises, deadlines, amounts and answers read?"""
