"""Who is responsible for what within an office, and how it passes to another person (工作交接)."""
