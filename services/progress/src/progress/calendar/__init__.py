"""The work calendar (工作日历): what is known of holidays, with the corrections of the province."""
