"""What inference results become: detections, classifications, and a map of classes for each pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = [
    "BoundingBox",
    "Classification",
    "Classifications",
    "Detection",
    "Detections",
    "SegmentationMap",
]


class BoundingBox(NamedTuple):
    """A rectangle in pixels of the network's input image, as sent: nothing says that right is beyond left.

    Attributes:
        left: Left edge.
        top: Upper edge.
        right: Right edge.
        bottom: Lower edge.
    """

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Right edge minus left edge, in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Lower edge minus upper edge, in pixels."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Detection:
    """One object that was found.

    Attributes:
        class_id: Number of its class; which class that is, only the model says.
        score: How sure the model is, as sent; no range is checked.
        box: Where it is; None where `box_type` is not 1.
        box_type: Kind of box: 1 is a rectangle, 0 none. Other numbers are not known: the item is kept, its box is not.
    """

    class_id: int
    score: float
    box: BoundingBox | None
    box_type: int = 1


@dataclass(frozen=True, slots=True)
class Classification:
    """One class the image may belong to.

    Attributes:
        class_id: Number of the class; which class that is, only the model says.
        score: How sure the model is, as sent; no range is checked.
    """

    class_id: int
    score: float


class Detections(tuple[Detection, ...]):
    """The objects found in one image, in the order they were sent."""

    __slots__ = ()

    def above(self, score: float) -> Detections:
        """Those whose score is at least this one."""
        return Detections(item for item in self if item.score >= score)

    def __repr__(self) -> str:
        return f"Detections({super().__repr__()})"


class Classifications(tuple[Classification, ...]):
    """The classes of one image, in the order they were sent."""

    __slots__ = ()

    def above(self, score: float) -> Classifications:
        """Those whose score is at least this one."""
        return Classifications(item for item in self if item.score >= score)

    def __repr__(self) -> str:
        return f"Classifications({super().__repr__()})"


@dataclass(frozen=True, slots=True, repr=False)
class SegmentationMap:
    """A class for each pixel of one image, and scores.

    Both maps are read-only views into the buffer: nothing is copied, and numpy takes them as they are
    (``numpy.asarray(result.class_ids).reshape(result.height, result.width)``).

    Attributes:
        height: Rows.
        width: Columns.
        class_ids: Class of each pixel, row by row: `height` x `width` numbers (uint16). Empty where none were sent.
        num_classes: How many planes of scores there are. Where none were sent, Sony's sample application puts the
            largest class id of the map here.
        scores: Scores (float32), `num_classes` planes of `height` x `width`, row by row. Empty where none were sent.
            Which class a plane belongs to is not known: Sony's sample has nine class ids and two planes.
    """

    height: int
    width: int
    class_ids: memoryview
    num_classes: int
    scores: memoryview[float]

    def class_at(self, x: int, y: int) -> int:
        """The class of one pixel.

        Args:
            x: Column, from 0 at the left.
            y: Row, from 0 at the top.

        Raises:
            IndexError: There is no such pixel, or no class ids were sent.
        """
        index = self._index(x, y)
        if not self.class_ids:
            raise IndexError("no class ids were sent with this map, only scores")
        return self.class_ids[index]

    def score_at(self, plane: int, x: int, y: int) -> float:
        """One plane's score of one pixel.

        Args:
            plane: Number of the plane, from 0.
            x: Column, from 0 at the left.
            y: Row, from 0 at the top.

        Raises:
            IndexError: There is no such plane or pixel, or no scores were sent.
        """
        index = self._index(x, y)
        if not self.scores:
            raise IndexError("no scores were sent with this map, only class ids")
        if not 0 <= plane < self.num_classes:
            raise IndexError(f"plane {plane} is outside of a map of {self.num_classes} planes")
        return self.scores[plane * self.height * self.width + index]

    def row(self, y: int) -> memoryview:
        """The classes of one row, `width` numbers from the left.

        Args:
            y: Row, from 0 at the top.

        Raises:
            IndexError: There is no such row, or no class ids were sent.
        """
        self.class_at(0, y)
        return self.class_ids[y * self.width : (y + 1) * self.width]

    def _index(self, x: int, y: int) -> int:
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise IndexError(
                f"pixel ({x}, {y}) is outside of a map {self.width} wide and {self.height} high"
            )
        return y * self.width + x

    def __hash__(self) -> int:
        # Views of other types than bytes cannot be hashed.
        return hash((self.height, self.width, self.num_classes, self.class_ids.tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        # Views cannot be pickled, and results travel through task queues.
        maps = (self.class_ids.tobytes(), self.scores.tobytes())
        return _restore, (self.height, self.width, self.num_classes, *maps)

    def __repr__(self) -> str:
        sent = f"class_ids=<{len(self.class_ids)}>, scores=<{len(self.scores)}>"
        return (
            f"SegmentationMap(height={self.height}, width={self.width},"
            f" num_classes={self.num_classes}, {sent})"
        )


def _restore(
    height: int, width: int, num_classes: int, class_ids: bytes, scores: bytes
) -> SegmentationMap:
    ids, planes = memoryview(class_ids).cast("H"), memoryview(scores).cast("f")
    return SegmentationMap(height, width, ids, num_classes, planes)
