"""What people write in Python: polls the feeds of a list every 60 s with aiohttp, reads them with
feedparser, remembers validators, and does nothing else. `load 1000 240 DIR python3 load.py DIR/feeds.txt`"""
import asyncio, random, sys, time
import aiohttp, feedparser

INTERVAL, AT_ONCE = 60.0, 256


async def follow(session, gate, url):
    etag = None
    await asyncio.sleep(random.random() * INTERVAL)
    while True:
        due = time.monotonic() + INTERVAL
        try:
            async with gate:
                headers = {"If-None-Match": etag} if etag else {}
                async with session.get(url, headers=headers) as answer:
                    if answer.status == 200:
                        body = await answer.read()
                        etag = answer.headers.get("ETag")
                        len(feedparser.parse(body).entries)
        except (aiohttp.ClientError, asyncio.TimeoutError):
            pass
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def main():
    urls = open(sys.argv[1]).read().split()
    gate = asyncio.Semaphore(AT_ONCE)
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        await asyncio.gather(*(follow(session, gate, url) for url in urls))


asyncio.run(main())
