"""Templates of schedules: the stages that a proposal begins with, per plan."""
