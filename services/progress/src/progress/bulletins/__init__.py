"""Bulletins (通报): what the province tells its readers of a period, every sentence with the facts that it rests on."""
