# 60 packets as the camera sends them, into a file.
import sys

import av

camera = av.open("/dev/video0", format="video4linux2", options={"video_size": "640x480", "input_format": "yuyv422"})
with open(sys.argv[1], "wb") as file:
    for number, packet in enumerate(camera.demux(video=0), 1):
        file.write(bytes(packet))
        if number == 60:
            break
