"""One script a version; a script that was ever released is never changed."""
