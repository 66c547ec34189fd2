"""Areas as pictures: in braille for a terminal, as SVG for a page.

Polygons are sequences of (latitude, longitude) in degrees, closed or not, in any number. Longitudes are drawn shorter
by the cosine of the middle latitude, so that shapes look as they do on the ground. What is no place on Earth is left
out.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

METRES_PER_DEGREE: Final = 111_320

_SMALLEST: Final = 100.0  # metres; whatever is smaller is drawn in a picture of that size
_BLANK: Final = "\u2800"
# The dot of a braille character at (column, row).
_DOTS: Final = {(0, 0): 1, (0, 1): 2, (0, 2): 4, (1, 0): 8, (1, 1): 16, (1, 2): 32, (0, 3): 64, (1, 3): 128}
_SVG_WIDTH, _SVG_HEIGHT, _SVG_MARGIN = 320, 200, 22
_SAME_PIXEL: Final = 0.5
_STEPS: Final = (1.0, 2.0, 5.0)
_POLE, _DATE_LINE, _KILOMETRE = 90, 180, 1000

Pairs = Sequence[Sequence[float]]
_Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class _Plane:
    """Rings in degrees, and the box around them, never smaller than ``_SMALLEST``."""

    rings: tuple[_Ring, ...]
    north: float
    south: float
    west: float
    east: float

    @property
    def _metres_per_longitude(self) -> float:
        # At a pole all meridians meet; that is no reason to divide by nothing.
        return METRES_PER_DEGREE * max(math.cos(math.radians((self.north + self.south) / 2)), 0.01)

    @classmethod
    def around(cls, rings: tuple[_Ring, ...]) -> "_Plane":
        latitudes, longitudes = zip(*(pair for ring in rings for pair in ring), strict=True)
        tight = cls(rings, max(latitudes), min(latitudes), min(longitudes), max(longitudes))
        above = max(_SMALLEST - tight.height, 0) / 2 / METRES_PER_DEGREE
        beside = max(_SMALLEST - tight.width, 0) / 2 / tight._metres_per_longitude
        return cls(rings, tight.north + above, tight.south - above, tight.west - beside, tight.east + beside)

    @property
    def width(self) -> float:
        """In metres."""
        return (self.east - self.west) * self._metres_per_longitude

    @property
    def height(self) -> float:
        """In metres."""
        return (self.north - self.south) * METRES_PER_DEGREE

    def metres(self, latitude: float, longitude: float) -> tuple[float, float]:
        """To the east and to the south of the box's corner in the north-west."""
        return (longitude - self.west) * self._metres_per_longitude, (self.north - latitude) * METRES_PER_DEGREE

    def place(self, east: float, south: float) -> tuple[float, float]:
        """The opposite of :meth:`metres`."""
        return self.north - south / METRES_PER_DEGREE, self.west + east / self._metres_per_longitude


def terminal_map(polygons: Iterable[Pairs], width: int = 60, height: int = 16) -> str:
    """The outlines in at most ``width`` by ``height`` characters, and a line below with their corners and a scale.

    Empty where there is nothing to draw. Characters are taken to be twice as high as wide.
    """
    plane = _plane(polygons)
    if plane is None:
        return ""
    scale = min((2 * width - 1) / plane.width, (4 * height - 1) / plane.height)
    columns, rows = (math.ceil((side * scale + 1) / per) for side, per in ((plane.width, 2), (plane.height, 4)))
    cells = [[0] * columns for _ in range(rows)]
    for ring in plane.rings:
        dots = [tuple(round(metres * scale) for metres in plane.metres(*pair)) for pair in ring]
        for x, y in _lines(dots):
            cells[y // 4][x // 2] |= _DOTS[x % 2, y % 4]
    drawn = ["".join(chr(ord(_BLANK) + cell) for cell in row).rstrip(_BLANK) for row in cells]
    return "\n".join([*drawn, _caption(plane, metres_per_character=2 / scale, room=max(width // 3, 2))])


def svg_map(polygons: Iterable[Pairs]) -> str:
    """An ``<svg>`` element in the colour of the text around it, with a grid of degrees and a scale; made of numbers
    only. Empty where there is nothing to draw.
    """
    plane = _plane(polygons)
    if plane is None:
        return ""
    scale = min(
        (_SVG_WIDTH - 2 * _SVG_MARGIN) / plane.width,
        (_SVG_HEIGHT - 2 * _SVG_MARGIN) / plane.height,
    )
    view = _View(plane, scale, (_SVG_WIDTH - plane.width * scale) / 2, (_SVG_HEIGHT - plane.height * scale) / 2)
    label = f"{len(plane.rings)} area{'s' * (len(plane.rings) > 1)}, {_corners(plane)}"
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SVG_WIDTH} {_SVG_HEIGHT}" role="img"',
            f' aria-label="{label}"><g fill="currentColor" font-family="sans-serif" font-size="8.5">',
            *view.grid(),
            f'<path d="{"".join(map(view.path, plane.rings))}" fill-opacity=".22" stroke="currentColor"',
            ' stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round" fill-rule="evenodd"/>',
            *view.scale_bar(),
            "</g></svg>",
        )
    )


@dataclass(frozen=True, slots=True)
class _View:
    """A plane on the page: how many pixels a metre is, and where the plane's corner lies."""

    plane: _Plane
    scale: float
    left: float
    top: float

    def _pixel(self, latitude: float, longitude: float) -> tuple[float, float]:
        east, south = self.plane.metres(latitude, longitude)
        return self.left + east * self.scale, self.top + south * self.scale

    def path(self, ring: _Ring) -> str:
        """One closed outline; points that would lie on one another are drawn once."""
        drawn: list[tuple[float, float]] = []
        for pair in ring:
            x, y = self._pixel(*pair)
            if not drawn or max(abs(x - drawn[-1][0]), abs(y - drawn[-1][1])) >= _SAME_PIXEL:
                drawn.append((x, y))
        # A place alone is drawn as a line without length, which has round ends.
        points = drawn if len(drawn) > 1 else drawn * 2
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"

    def grid(self) -> Iterator[str]:
        """Lines of latitude and longitude, each with its degrees at the edge."""
        north, west = self.plane.place(-self.left / self.scale, -self.top / self.scale)
        south, east = self.plane.place(
            (_SVG_WIDTH - self.left) / self.scale,
            (_SVG_HEIGHT - self.top) / self.scale,
        )
        line = '<path d="{}" stroke="currentColor" stroke-opacity=".14" fill="none"/>'
        text = '<text x="{:.1f}" y="{:.1f}" fill-opacity=".6">{}</text>'
        for latitude in _ticks(south, north, 3):
            _, y = self._pixel(latitude, west)
            yield line.format(f"M0 {y:.1f}H{_SVG_WIDTH}") + text.format(3, y - 2, _degrees(latitude, "NS"))
        for longitude in _ticks(west, east, 4):
            x, _ = self._pixel(north, longitude)
            yield line.format(f"M{x:.1f} 0V{_SVG_HEIGHT}") + text.format(x + 2, 9, _degrees(longitude, "EW"))

    def scale_bar(self) -> Iterator[str]:
        """In the lower right corner."""
        length = _round_length(_SVG_WIDTH / 4 / self.scale)
        right, bottom = _SVG_WIDTH - 8, _SVG_HEIGHT - 7
        left = right - length * self.scale
        yield f'<path d="M{left:.1f} {bottom - 4}V{bottom}H{right}V{bottom - 4}" stroke="currentColor" fill="none"/>'
        yield f'<text x="{(left + right) / 2:.1f}" y="{bottom - 4}" text-anchor="middle">{_distance(length)}</text>'


def _plane(polygons: Iterable[Pairs]) -> _Plane | None:
    rings = tuple(ring for polygon in polygons if (ring := tuple(_places(polygon))))
    return _Plane.around(rings) if rings else None


def _places(polygon: Pairs) -> Iterator[tuple[float, float]]:
    for latitude, longitude in polygon:
        # Comparisons with what is not a number do not hold.
        if abs(latitude) <= _POLE and abs(longitude) <= _DATE_LINE:
            yield float(latitude), float(longitude)


def _lines(dots: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    """Every dot on the closed line through ``dots``."""
    for (x, y), (to_x, to_y) in zip(dots, (*dots[1:], dots[0]), strict=True):
        steps = max(abs(to_x - x), abs(to_y - y), 1)
        for step in range(steps + 1):
            yield round(x + (to_x - x) * step / steps), round(y + (to_y - y) * step / steps)


def _caption(plane: _Plane, metres_per_character: float, room: int) -> str:
    length = _round_length(room * metres_per_character)
    bar = "─" * max(round(length / metres_per_character) - 2, 0)
    return f"{_corners(plane)}  ├{bar}┤ {_distance(length)}"


def _corners(plane: _Plane) -> str:
    def corner(latitude: float, longitude: float) -> str:
        return f"{_degrees(round(latitude, 3), 'NS')} {_degrees(round(longitude, 3), 'EW')}"

    return f"{corner(plane.north, plane.west)} to {corner(plane.south, plane.east)}"


def _ticks(low: float, high: float, about: int) -> Iterator[float]:
    """About so many round numbers in between."""
    step = _round_length((high - low) / about)
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield number * step


def _round_length(most: float) -> float:
    """The largest of 1, 2, 5, 10, 20, … and their fractions that is at most so long."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in _STEPS if step * power <= most * (1 + 1e-9))


def _degrees(value: float, letters: str) -> str:
    return f"{abs(value):.4f}".rstrip("0").rstrip(".") + f"° {letters[value < 0]}"


def _distance(metres: float) -> str:
    return f"{metres / _KILOMETRE:,g} km" if metres >= _KILOMETRE else f"{metres:g} m"
