"""What is sent to whom by which channel, and what became of it (消息投递)."""
