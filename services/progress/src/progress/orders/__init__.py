"""Orders (督办单): issued by the province, signed for and answered by the lead office, concluded, verified, closed."""
