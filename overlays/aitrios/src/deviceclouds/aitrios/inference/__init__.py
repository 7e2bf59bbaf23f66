"""Decodes the inference results of AITRIOS cameras into typed objects; :func:`decode` does one buffer.

Sony documents no schema of these buffers. The tables are read off Sony's public deserialisation sample (the code which
reads them, no schema file), and its three sample buffers decode with them. An edge application may use other tables.
Reading needs the library flatbuffers: the extra ``[inference]`` of deviceclouds-aitrios.
"""

from __future__ import annotations

from ._decode import Kind, Result, decode
from ._outputs import Output, output_of, outputs_of, parse_time
from ._types import (
    BoundingBox,
    Classification,
    Classifications,
    Detection,
    Detections,
    SegmentationMap,
)

__all__ = [
    "BoundingBox",
    "Classification",
    "Classifications",
    "Detection",
    "Detections",
    "Kind",
    "Output",
    "Result",
    "SegmentationMap",
    "decode",
    "output_of",
    "outputs_of",
    "parse_time",
]
