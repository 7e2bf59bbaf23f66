"""Decodes the inference results of AITRIOS cameras into typed objects; :func:`decode` does one buffer.

The format is no part of the Console's documentation. It is read off Sony's public samples: the deserialisation sample
(its three buffers decode here) and the schemas of the sample edge applications, which agree with it. What an edge
application sends is up to that application, so other tables are possible. Nothing was compared with a live camera.
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
