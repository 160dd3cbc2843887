"""Landmark numbers of MediaPipe's 468-point face that the actor moves by name. Left and right are the subject's
own. Lids, creases and lips run from the image's left to its right."""

FOREHEAD, CHIN, NOSE_BASE = 10, 152, 2
RIGHT_EAR, LEFT_EAR = 234, 454
RIGHT_CORNER, LEFT_CORNER = 33, 263
"""Outer eye corners: their distance is the inter-ocular distance, the unit of length in this package."""
RIGHT_MOUTH, LEFT_MOUTH, LIP_TOP, LIP_BOTTOM = 61, 291, 0, 17
LIP_MIDDLE, LOWER_LIP_MIDDLE = 13, 14

# fmt: off
FACE_EDGE = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
             148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)

RIGHT_UPPER_LID = (33, 246, 161, 160, 159, 158, 157, 173, 133)
RIGHT_LOWER_LID = (33, 7, 163, 144, 145, 153, 154, 155, 133)
RIGHT_CREASE = (130, 247, 30, 29, 27, 28, 56, 190, 243)
LEFT_UPPER_LID = (362, 398, 384, 385, 386, 387, 388, 466, 263)
LEFT_LOWER_LID = (362, 382, 381, 380, 374, 373, 390, 249, 263)
LEFT_CREASE = (463, 414, 286, 258, 257, 259, 260, 467, 359)

RIGHT_BROW = (70, 63, 105, 66, 107, 46, 53, 52, 65, 55)
LEFT_BROW = (300, 293, 334, 296, 336, 276, 283, 282, 295, 285)

INNER_UPPER_LIP = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
INNER_LOWER_LIP = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
UPPER_LIP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291,
             76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306,
             62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292, *INNER_UPPER_LIP)
LOWER_LIP = (146, 91, 181, 84, 17, 314, 405, 321, 375,
             77, 90, 180, 85, 16, 315, 404, 320, 307,
             96, 89, 179, 86, 15, 316, 403, 319, 325, *INNER_LOWER_LIP[1:-1])
# fmt: on
