"""The runtime that loads collector plugins and delivers what they pull."""
