# Frames as the camera sends them, into a file: FILE COUNT WIDTH HEIGHT.
import sys

import cv2

name, count, width, height = sys.argv[1], *map(int, sys.argv[2:])
camera = cv2.VideoCapture(0, cv2.CAP_V4L2)
camera.set(cv2.CAP_PROP_FRAME_WIDTH, width)
camera.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter_fourcc(*"YUYV"))
camera.set(cv2.CAP_PROP_CONVERT_RGB, 0)
with open(name, "wb") as file:
    for number in range(count):
        good, frame = camera.read()
        if not good:
            sys.exit(f"frame {number} failed")
        file.write(frame.tobytes())
