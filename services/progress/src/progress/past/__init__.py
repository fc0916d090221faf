"""The past (往日): the overview as it was when a day ended, what changed since, and trends."""
