"""The mechanisms of a day: one scenario key, one file, one class of parameters, one test file each."""
