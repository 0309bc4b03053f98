"""The books: what is counted each day, in people and in cents, and what may be asked of it."""
