"""The desktop program: what the detectors see, as they see it, and a check to try on oneself.

Nothing in here is imported by the service. `program.run` is the way in; it needs the extra `lifesign[desktop]`.
"""
