"""The example of the source document, built in a real browser: how many clicks it takes, and its picture."""
