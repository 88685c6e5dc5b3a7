"""Tables of any length, read row by row: packed where nothing but the table can be read, unpacked as a stream."""
