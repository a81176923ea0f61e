"""Draws the samples of a soak (COPYDESK_SAMPLES) as SVG: python3 plot.py soak.csv > docs/soak.svg"""
import csv
import sys

rows = [{key: int(value) for key, value in row.items()} for row in csv.DictReader(open(sys.argv[1]))]
minute_before = rows[:1] * 6 + rows
for before, row in zip(minute_before, rows):
    row["rate"] = (row["lines"] - before["lines"]) / max(row["second"] - before["second"], 1)
panels = [
    ("lines a second", "rate", 1),
    ("memory, MiB", "rss_kib", 1 << 10),
    ("file handles", "handles", 1),
    ("state on the disk, MiB", "state_bytes", 1 << 20),
    ("output on the disk, MiB", "output_bytes", 1 << 20),
]
width, height, left, top = 640, 110, 60, 24
last = rows[-1]["second"]
print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + left + 20}" '
      f'height="{(height + top + 20) * len(panels)}" font-family="sans-serif" font-size="12">')
print('<rect width="100%" height="100%" fill="white"/>')
for number, (title, key, unit) in enumerate(panels):
    floor = (height + top + 20) * number + top + height
    values = [row[key] / unit for row in rows]
    ceiling = max(values) * 1.1 or 1
    points = " ".join(f"{left + row['second'] / last * width:.1f},{floor - value / ceiling * height:.1f}"
                      for row, value in zip(rows, values))
    half = [value for row, value in zip(rows, values) if row["second"] >= last / 2]
    print(f'<text x="{left}" y="{floor - height - 6}">{title}: '
          f'{min(half):.0f} to {max(half):.0f} in the second half</text>')
    print(f'<path d="M{left},{floor - height}V{floor}H{left + width}" fill="none" stroke="#999"/>')
    for share in (0, 0.5, 1):
        x = left + share * width
        print(f'<text x="{x}" y="{floor + 14}" text-anchor="middle" fill="#666">{last * share / 60:.0f} min</text>')
    print(f'<text x="{left - 6}" y="{floor - height / 1.1 + 4:.0f}" text-anchor="end" fill="#666">{max(values):.0f}</text>')
    print(f'<text x="{left - 6}" y="{floor + 4}" text-anchor="end" fill="#666">0</text>')
    print(f'<polyline points="{points}" fill="none" stroke="#1565c0" stroke-width="1.5"/>')
print("</svg>")
