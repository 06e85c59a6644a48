"""The numbers wing's last room: figures in, observations out. It knows arithmetic and no statistics."""
