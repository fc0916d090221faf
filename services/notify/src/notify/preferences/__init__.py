"""How people want to be told (通知设置): by mail at once, in a digest or not at all; when, and in which language."""
