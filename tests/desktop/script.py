"""What the actor does in the tests' clip."""

FPS = 15
SCRIPT = {1.0: "blink", 3.0: "turn_left", 6.0: "smile"}
"""prompts by seconds; an action begins 0.6 s later"""
END_S = 8.5
