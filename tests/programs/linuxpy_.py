# The controls, and 60 frames into a file.
import sys

from linuxpy.video.device import Device, VideoCapture

with Device.from_id(0) as camera, open(sys.argv[1], "wb") as file:
    print([control.name for control in camera.controls.values()])
    capture = VideoCapture(camera)
    capture.set_format(640, 480, "YUYV")
    with capture:
        for number, frame in enumerate(capture, 1):
            file.write(bytes(frame))
            if number == 60:
                break
