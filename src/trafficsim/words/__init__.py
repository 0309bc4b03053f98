"""What is said, in the reader's language: catalogues, numbers in words, and refusals of wrong arguments."""
