"""What goes into what, who holds each step, and where does a chain choke?"""
