"""A synthetic performer, and the attacks made from the same picture: extra `lifesign[lab]`."""
