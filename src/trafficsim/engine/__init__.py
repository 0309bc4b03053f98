"""The engine: worlds, their days, replicates on threads, and the model as Mesa knows it."""
