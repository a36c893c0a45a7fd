"""The servers that `make run` and the tests start by themselves, without root or installation."""
