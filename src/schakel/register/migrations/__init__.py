"""How does a register come to be, and how does an older one become one of today? One script a version, run by `upgrade`."""
