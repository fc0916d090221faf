"""The timeline (时间轴): the milestones of many lines on one axis."""
