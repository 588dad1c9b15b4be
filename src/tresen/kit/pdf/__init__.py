"""The first pages of a PDF as pictures: what the box is asked for, and within which bounds. Who draws is in drawing.py,
which only the box imports."""

JOBS = {"draw_pdf": "tresen.kit.pdf.drawing:draw_pdf"}
# So many pages, each of at most so many pixels.
PAGES, WIDTH, HEIGHT = 3, 900, 1300
# A picture that is larger is drawn again with half the width and height.
MOST_BYTES = 1024 * 1024
