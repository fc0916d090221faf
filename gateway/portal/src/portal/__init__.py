"""The pages of the zone portal and the session behind them (门户)."""
