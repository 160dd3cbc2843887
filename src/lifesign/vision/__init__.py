"""Pixels in, faces out: the only folder that knows a picture format and a model runtime."""
