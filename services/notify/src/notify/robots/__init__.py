"""Group robots (群机器人): the news of an office, posted in the chats of its people."""
