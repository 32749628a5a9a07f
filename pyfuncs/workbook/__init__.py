"""The code that knows workbooks: layout, writing templates, reading what was filed, marking copies."""
