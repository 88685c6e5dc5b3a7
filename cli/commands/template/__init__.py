"""Commands that write workbooks to be filled in."""
