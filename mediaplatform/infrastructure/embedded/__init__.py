"""The servers and processes that `make run` and the tests start by themselves, without root and without installation."""
