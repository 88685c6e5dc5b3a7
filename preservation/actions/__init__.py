"""What an archive is asked to do, whoever asks: each module is named like the command that calls it."""
