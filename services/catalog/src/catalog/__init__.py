"""The task catalog: plans, tasks, units, zones and their editions (任务目录)."""
