"""What a person does about the journal: vouch for it, keep its key, judge what it says."""
