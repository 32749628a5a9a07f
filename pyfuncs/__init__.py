"""绩效自评工具箱: rates, scores, forms, checks and consolidation for 部门整体支出绩效自评."""

__version__ = "0.1.0"
