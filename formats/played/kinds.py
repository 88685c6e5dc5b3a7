"""Which kinds of recording are played, and how the files end that are made of them; nothing here is slow to load."""

WAVE, MP3, MP4 = "audio/wav", "audio/mpeg", "video/mp4"
PLAYED = {
    **dict.fromkeys(("audio/x-wav", "audio/vnd.wave", "audio/wav"), WAVE),
    "audio/mpeg": MP3,
    **dict.fromkeys(("video/mp4", "audio/mp4", "application/mp4", "video/quicktime"), MP4),
}
"""The kinds that browsers play and of which sound and pictures alone can be kept: by their MIME types."""

ENDINGS = frozenset((".wav", ".mp3", ".mp4", ".m4a"))
"""How the names of the files end that are made of recordings."""
