"""Reports: findings and totals → JSON, console, Excel, HTML. The only writers of result files."""
