"""What is played of recordings: sound and pictures alone, without whatever else their files hold."""
