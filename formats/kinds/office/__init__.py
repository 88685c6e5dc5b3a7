"""What office programs write beside Word documents and workbooks: presentations, OpenDocument, RTF, the binary formats."""
