# A page takes 60 frames from the camera, and posts the colours of the last.
python3 "$HERE/server.py" 8099 &
server=$!
sleep 1
chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$PWD/chromium" --use-fake-ui-for-media-stream \
    --autoplay-policy=no-user-gesture-required --no-first-run http://127.0.0.1:8099/camera.html >chromium.log 2>&1 &
browser=$!
wait $server
kill $browser
wait $browser
true
