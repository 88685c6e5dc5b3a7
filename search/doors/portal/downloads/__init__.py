"""Taking files away: which are offered of a record, their addresses, and how they are sent."""
