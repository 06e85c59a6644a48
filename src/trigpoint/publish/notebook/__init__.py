"""Results of the library for analysts as pictures: for a notebook, a paper or a file."""
