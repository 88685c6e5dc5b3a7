"""The program that makes the sample records: texts, page layouts, wear, files and sheets."""
