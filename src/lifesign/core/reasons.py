"""Every reason a decision or a failed attempt can give. Codes are stable; the sentences are for people."""

from __future__ import annotations

from typing import Final

REASONS: Final = {
    # of a decision
    "challenges_passed": "every action was done as asked, in order",
    "not_finished": "the session ended before everything was done",
    "no_neutral_frame": "no neutral frame was seen that could be the verified image",
    # of a failed attempt; of the decision when it was the last one
    "timeout": "the action was not done in time",
    "wrong_action": "another action than the prompted one was done first",
    "other_side": "it was done on the other side",
    "too_early": "the answer came before the prompt could have been read",
    "no_neutral_face": "the face was never neutral and straight for long enough to begin",
    "no_reliable_challenge": "with this camera, face and wishes too few actions can be judged",
    "face_lost": "the face was gone for too long",
    "internal": "the session's state made no sense; nothing was decided from it",
    # of a cue that denies
    "tracking_jump": "the face or the whole picture jumped: a cut; once, it only fails the attempt",
    "frozen_frames": "the same picture came again and again",
    "repeated_frames": "pictures came again that had been before: a loop",
    "second_face": "a second face stayed in the picture",
}
