"""Finding forms by their own words, in workbooks and Word documents that are not our template."""
