"""Pictures as a viewer shows them: opened within limits, their levels, colours, transparency, turns and pixels set right."""
