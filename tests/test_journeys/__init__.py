"""What a person does, from the command line to what lies in the stores."""
