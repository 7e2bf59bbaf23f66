"""YAML, OpenAPI, references, evidence and extensions: each rule, broken once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codegen.lint import Problem

LIMIT = "          description: Devices on a page.\n"
GET_DEVICES = "      operationId: GetDevices\n"
DEVICE = "    Device:\n      type: object\n"

CASES = [
    # YAML
    ("yaml-duplicate-key", "      summary: List devices\n", "      summary: A\n      summary: B #!\n"),
    ("yaml-boolean", "        - camera\n", "        - on #!\n"),
    ("yaml-boolean", "        secret:\n", "        Yes: #!\n"),
    ("yaml-date", "                  device_id: d1\n", "                  device_id: 2024-01-02 #!\n"),
    ("yaml-date", "            default: 50\n", "            default: 2024-01-02 #!\n"),
    ("yaml-number", "            default: 50\n", "            default: 0o50 #!\n"),
    ("yaml-number", "          example: abc\n", "          example: 12:30:00 #!\n"),
    ("yaml-key", "        '200':\n", "        200: #!\n"),
    ("yaml-alias + key-order", "      tags: [files]\n", "      tags: &tag [files]\n      deprecated: *tag #!\n"),
    ("yaml-alias + operation-key", "      tags: [files]\n", "      tags: [files]\n      <<: {} #!\n"),
    ("yaml-tag", "          example: abc\n", "          example: !odd abc #!\n"),
    ("yaml-syntax", "info:\n", "info: ] #!\n"),
    # OpenAPI
    ("openapi-version", "openapi: 3.1.0\n", "openapi: 3.0.3 #!\n"),
    ("openapi + pagination-parameter", "          in: query\n          description: Where", "          in: body #!\n          description: Where"),
    ("json-schema", "            type: integer\n", "            type: integr #!\n"),
    # References
    ("bad-ref", "$ref: '#/components/schemas/Kind'\n", "$ref: '#/components/schemas/Kin' #!\n"),
    ("remote-ref", "$ref: '#/components/schemas/Kind'\n", "$ref: 'kinds.yaml#/Kind' #!\n"),
    ("ref-place", "$ref: '#/components/schemas/Kind'\n", "$ref: '#/components/responses/NotFound' #!\n"),
    ("ref-siblings + reply-default", "          $ref: '#/components/schemas/JobState'\n",
     "          $ref: '#/components/schemas/JobState' #!\n          default: running\n"),
    ("component-alias", "    Kind:\n", "    Sort:\n      $ref: '#/components/schemas/Kind' #!\n    Kind:\n"),
    ("path-item-ref", "  /files:\n", "  /more:\n    $ref: '#/components/pathItems/More' #!\n  /files:\n"),
    # Evidence
    ("no-evidence", "    get:\n      tags: [Manage Devices]\n      operationId: GetJob\n      summary: Read a job\n"
     "      description: Returns how far a job is.\n      x-evidence:\n        status: unverified\n"
     "        source: deduction\n        note: A call would settle it.\n",
     "    get: #!\n      tags: [Manage Devices]\n      operationId: GetJob\n      summary: Read a job\n"
     "      description: Returns how far a job is.\n"),
    ("evidence", "        status: documented\n", "        status: certain #!\n"),
    ("evidence", "        lines: 12-40\n", "        lines: twelve #!\n"),
    ("evidence", "        lines: 12-40\n", "        line: 12-40 #!\n"),
    ("evidence", DEVICE, f"{DEVICE}      x-evidence: documented #!\n"),
    ("evidence-note", "      x-evidence:\n        status: corroborated\n", "      x-evidence: #!\n        status: inferred\n"),
    ("evidence-note", "      x-evidence:\n        status: documented\n        source: document\n      security",
     "      x-evidence: #!\n        status: documented\n        source: document\n        note: ''\n      security"),
    ("evidence-source", "        source: document\n", "        source: documents #!\n"),
    ("evidence-source", "        source: [document, deduction]\n", "        source: [document, guess] #!\n"),
    # Extensions
    ("unknown-extension", "      x-timeout: 30\n", "      x-time-out: 30 #!\n"),
    ("unknown-extension", "paths:\n", "paths:\n  x-more: 1 #!\n"),
    ("unknown-extension", "  version: 1.0.0\n", "  version: 1.0.0\n  x-logo: 1 #!\n"),
    ("unknown-extension", DEVICE, f"{DEVICE}      x-go-name: Dev #!\n"),
    ("extension-place", LIMIT, f"{LIMIT}          x-timeout: 3 #!\n"),
    ("extension-place", DEVICE, f"{DEVICE}      x-secret: true #!\n"),
    ("extension-place", "      description: A file to store.\n",
     "      description: A file to store.\n      x-unknown-fields: expected #!\n"),
    ("extension-value", "          x-secret: true\n", "          x-secret: maybe #!\n"),
    ("extension-value", "      x-client-supplied: true\n", "      x-client-supplied: false #!\n"),
    ("extension-value", "      x-unknown-fields: expected\n", "      x-unknown-fields: true #!\n"),
    ("extension-value", "      x-idempotent: true\n", "      x-idempotent: false #!\n"),
    ("extension-value", "      x-idempotent: true\n", "      x-idempotent: often #!\n"),
    ("extension-value", "      x-timeout: 30\n", "      x-timeout: half a minute #!\n"),
    # Pagination
    ("pagination", "      x-pagination:\n        style: cursor\n", "      x-pagination: #!\n        style: cursors\n"),
    ("pagination", "        short_page: continues\n", "        short_page: stops #!\n"),
    ("pagination", "        max_size: 1000\n", "        first_page: 1 #!\n"),
    ("pagination", "        max_size: 1000\n", "        max_size: many #!\n"),
    ("pagination", "      x-pagination:\n        style: cursor\n        items: /devices\n",
     "      x-pagination: #!\n        style: cursor\n"),
    ("pagination-pointer", "        items: /devices\n", "        items: /device #!\n"),
    ("pagination-pointer", "        items: /devices\n", "        items: /continuation_token #!\n"),
    ("pagination-pointer", "        next: /continuation_token\n", "        next: continuation_token #!\n"),
    ("pagination-parameter", "        size_parameter: limit\n", "        size_parameter: size #!\n"),
    ("pagination-parameter", "cursor_parameter: starting_after\n", "cursor_parameter: X-Trace #!\n"),
    ("pagination-parameter", "        excluded_by: [kinds]\n", "        excluded_by: [kind] #!\n"),
    # Polling
    ("poll", "        operation: GetJob\n", "        operation: GetJobs #!\n"),
    ("poll", "        status: /state\n", "        status: /status #!\n"),
    ("poll", "        done: [finished]\n", "        done: [done] #!\n"),
    ("poll", "        done: [finished]\n", "        done: finished #!\n"),
    ("poll", "        first_wait: 20\n", "        first_wait: soon #!\n"),
    ("poll", "        first_wait: 20\n", "        wait: 20 #!\n"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new"), CASES)
def test_broken(check: Callable[[str, str, str], None], rule: str, old: str, new: str) -> None:
    check(rule, old, new)


def test_valid(lint_text: Callable[[str], list[Problem]], base_text: str) -> None:
    assert lint_text(base_text) == []
