"""Pages and REST: one app over a `Service` that answers the questions; nothing is computed here."""
