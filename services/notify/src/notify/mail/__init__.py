"""The same news by e-mail, and what became of each mail (邮件通知)."""
