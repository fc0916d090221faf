"""Looks at a running system, from outside and inside, and says what is wrong and what to do."""
