"""The files that readers may take away where their repository lets them, made when a record is published."""
