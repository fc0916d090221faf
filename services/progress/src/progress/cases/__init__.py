"""Innovation cases (创新案例): drafted by a zone, evaluated by units and experts, approved and published."""
