"""The documented entry point: `python Liveness_AI.py` opens the desktop program with the thresholds below."""

import sys

BLINK_THRESHOLD = 0.4  # Lower = easier to blink: how far the lids come down, 0 open to 1 shut
LEFT_THRESHOLD = -0.2  # Head turn left: how far the nose tip moves between the face's edges, negative to the left
RIGHT_THRESHOLD = 0.2  # Head turn right: the same the other way, as a share of the face's width

if __name__ == "__main__":
    try:
        from lifesign.cli import main
    except ModuleNotFoundError as error:
        sys.exit(f"{error}. Activate Lifesign's environment, or install it here: pip install -e '.[desktop]'")

    thresholds = {"blink": BLINK_THRESHOLD, "left": LEFT_THRESHOLD, "right": RIGHT_THRESHOLD}
    main(["desktop", *(f"--{name}-threshold={value}" for name, value in thresholds.items()), *sys.argv[1:]])
