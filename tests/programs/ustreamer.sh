# Starts it, takes a picture from it, ends it.
ustreamer -d /dev/video0 -r 640x480 -m YUYV -p 18080 &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    sleep 1
    python3 -c 'import sys, urllib.request as r; open("p.jpeg", "wb").write(r.urlopen("http://127.0.0.1:18080/snapshot").read())' 2>/dev/null && break
done
kill $server
wait $server
file p.jpeg
