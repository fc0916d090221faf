"""Tables as they were beside what they are (对比)."""
