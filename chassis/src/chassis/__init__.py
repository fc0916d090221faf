"""What every service of the zone portal stands on; nothing of the domain."""
