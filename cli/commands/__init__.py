"""One module a command: parse into options, call one function, render its result."""
