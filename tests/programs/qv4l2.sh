# Its two windows are there: the second opens when it captures.
qv4l2 -d /dev/video0 &
program=$!
sleep 8
xwininfo -root -tree | grep -E 'V4L2 (Test Bench|Capture)'
kill $program
wait $program
true
