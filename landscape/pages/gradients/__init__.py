"""The laboratories: where gradients come from, from a difference quotient to backpropagation. One file each."""
