"""The rules of planning: plain data, no Django, no clock."""
