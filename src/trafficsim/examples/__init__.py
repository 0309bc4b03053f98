"""Mechanisms that the model lacks, a file each: to be used as they are (`--mechanism loyalty`), and to be copied."""
