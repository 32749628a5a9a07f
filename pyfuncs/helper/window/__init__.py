"""The helper's window: the commands of the command line for people who would rather click."""
