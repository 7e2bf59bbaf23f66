"""Operations, parameters and bodies: each rule, broken once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

TRACE = "          schema:\n            type: string\n      responses:\n"
GET_JOB = "      operationId: GetJob\n"
JOB_ID = "        - name: job_id\n          in: path\n"
BODY = "          application/json:\n            schema:\n              $ref: '#/components/schemas/Restart'\n"
FILE = "            image/png:\n              schema:\n                type: string\n                format: binary\n"
TRACE_PARAMETER = (
    "        - name: X-Trace\n          in: header\n          description: Id of the call in our own logs.\n"
    "          required: true\n          example: abc\n" + TRACE
)
JOB = """\
      tags: [Manage Devices]
      operationId: GetJob
      summary: Read a job
      description: Returns how far a job is.
      x-evidence:
        status: unverified
        source: deduction
        note: A call would settle it.
      security: []
      parameters:
        - name: job_id
"""
GET_FILE = """\
    get:
      tags: [files]
      operationId: download_file
      summary: Fetch a file
      description: Returns the file itself.
      x-evidence:
        status: documented
        source: document
      security: []
"""
RESTARTED = """\
      responses:
        '200':
          description: The job.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Job'
              example:
                state: running
        '404':
          $ref: '#/components/responses/NotFound'
"""

CASES = [
    # Operations
    ("key-order", "      operationId: GetDevices\n      summary: List devices\n",
     "      summary: List devices\n      operationId: GetDevices #!\n"),
    ("operation-key", "      x-timeout: 30\n", "      x-timeout: 30\n      servers: [] #!\n"),
    ("operation-key", "      x-timeout: 30\n", "      x-timeout: 30\n      callbacks: {} #!\n"),
    ("one-tag", "      tags: [files]\n", "      tags: [files, more] #!\n"),
    ("tag-collision", "      tags: [files]\n", "      tags: [manage_devices] #!\n"),
    ("operation-id + poll", GET_JOB, "      operationId: '' #!\n"),
    ("duplicate-operation-id", "      operationId: download_file\n", "      operationId: upload_file #!\n"),
    ("duplicate-operation-id + poll", "      operationId: download_file\n", "      operationId: GetJob #!\n"),
    ("method-collision + poll", GET_JOB, "      operationId: get_devices #!\n"),
    ("top-level-security", "paths:\n", "security: #!\n  - bearer_auth: []\npaths:\n"),
    ("no-security", GET_FILE, GET_FILE.replace("    get:", "    get: #!").replace("      security: []\n", "")),
    ("unknown-scheme", "        - bearer_auth: []\n", "        - basic_auth: [] #!\n"),
    ("summary", "      summary: List devices\n", "      summary: List devices. #!\n"),
    ("summary", "      summary: List devices\n", f"      summary: {'List ' * 20}devices #!\n"),
    ("summary", "      summary: List devices\n", "      summary: Returns the devices this account may see. #!\n"),
    ("path-parameter", "    get:\n" + JOB, ("    get: #!\n" + JOB).replace("name: job_id", "name: job")),
    ("path-parameter", "  /jobs/{job_id}:\n    get:\n", "  /jobs:\n    get: #!\n"),
    ("path-parameter", "  /files/{file_id}:\n    get:\n", "  /files/{file_id}/{file_id}:\n    get: #!\n"),
    ("path-parameter", "  /files/{file_id}:\n    get:\n", "  /files/{file_id}/{a.b}:\n    get: #!\n"),
    ("no-errors", RESTARTED, RESTARTED.replace("      responses:", "      responses: #!").partition("        '404'")[0]),
    ("no-success", RESTARTED, "      responses: #!\n        '404'" + RESTARTED.partition("        '404'")[2]),
    # Parameters
    ("parameter-content", TRACE, "          content: #!\n            application/json:\n              schema:\n"
     "                type: string\n      responses:\n"),
    ("parameter-schema", TRACE_PARAMETER, "        - name: X-Trace #!\n          in: header\n"
     "          description: Id of the call in our own logs.\n          required: true\n          example: abc\n"
     "      responses:\n"),
    ("parameter-example", "        - name: X-Trace\n          in: header\n          description: Id of the call in our"
     " own logs.\n          required: true\n          example: abc\n",
     "        - name: X-Trace #!\n          in: header\n          description: Id.\n          required: true\n"),
    ("header-type", TRACE, "          schema: #!\n            type: array\n            items:\n"
     "              type: string\n          style: simple\n          explode: false\n      responses:\n"),
    ("header-type", TRACE, "          schema: #!\n            type: number\n      responses:\n"),
    ("header-type", TRACE, "          schema: {} #!\n      responses:\n"),
    *[("header-type", TRACE, f"          schema: #!\n            type: string\n            format: {name}\n"
       "      responses:\n") for name in ("date", "date-time", "uuid")],
    ("header-name", "        - name: X-Trace\n", "        - name: Authorization #!\n"),
    ("parameter-style", "          style: form\n", "          style: pipeDelimited #!\n"),
    ("parameter-style", "          style: form\n", "          style: spaceDelimited #!\n"),
    ("parameter-style", "          style: form\n", "          style: deepObject #!\n"),
    ("array-style", "        - name: kinds\n          in: query\n          description: Only devices of these kinds.\n"
     "          style: form\n          explode: false\n",
     "        - name: kinds #!\n          in: query\n          description: Only devices of these kinds.\n"),
    ("parameter-type", "        - name: kinds\n",
     "        - name: filter #!\n          in: query\n          description: Filter.\n          schema:\n"
     "            $ref: '#/components/schemas/RestartOne'\n        - name: kinds\n"),
    ("parameter-type", "            items:\n              $ref: '#/components/schemas/Kind'\n",
     "            items: #!\n              $ref: '#/components/schemas/RestartOne'\n"),
    ("argument-collision", "        - name: kinds\n",
     "        - name: Limit #!\n          in: query\n          description: Limit.\n          schema:\n"
     "            type: string\n        - name: kinds\n"),
    ("argument-collision", "      security: []\n      requestBody:\n",
     "      security: []\n      parameters:\n        - name: Title\n          in: query\n          description: Title.\n"
     "          schema:\n            type: string\n      requestBody: #!\n"),
    ("shared-parameter", JOB_ID,
     "        - name: limit #!\n          in: query\n          description: Devices on a page.\n          schema:\n"
     "            type: integer\n            default: 50\n" + JOB_ID),
    # Bodies
    ("body-content-type", BODY, BODY.replace("application/json:", "text/plain: #!")),
    ("body-content-type", BODY, BODY.replace("application/json:", "application/octet-stream: #!")),
    ("body-content-type", BODY, BODY.replace("application/json:", "image/png: #!")),
    ("body-content-type", BODY, BODY.replace("application/json:", "application/xml: #!")),
    ("body-content-type", "        content:\n" + BODY,
     "        content: #!\n          application/x-www-form-urlencoded:\n            schema:\n"
     "              $ref: '#/components/schemas/RestartOne'\n            example:\n              device_id: d1\n" + BODY),
    ("body-schema + union-const", BODY, "          application/json: #!\n            schema: {}\n"),
    ("form-schema", BODY, BODY.replace("application/json:", "multipart/form-data:").replace("schema:", "schema: #!")),
    ("form-schema", "            schema:\n              $ref: '#/components/schemas/Upload'\n            example:\n"
     "              file: bytes\n              title: A picture\n",
     "            schema: #!\n              type: array\n              items:\n                type: string\n"
     "            example: [a]\n"),
    *[("reply-content-type", FILE, FILE.replace("image/png:", f"{name}: #!"))
      for name in ("application/pdf", "'*/*'", "application/x-ndjson", "text/csv")],
    ("reply-content-type", "          content:\n" + FILE, "          content: #!\n" + FILE + FILE.replace("png", "jpeg")),
    ("reply-schema", FILE, "            image/png: #!\n              schema: {}\n"),
    ("reply-schema", FILE, "            image/png:\n              schema: #!\n                type: string\n"
     "              example: a\n"),
    ("reply-schema", FILE, FILE.replace("image/png:", "application/json:").replace("schema:", "schema: #!")),
    ("file-place", "        message:\n          type: string\n",
     "        message: #!\n          type: string\n          format: binary\n"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new"), CASES)
def test_broken(check: Callable[[str, str, str], None], rule: str, old: str, new: str) -> None:
    check(rule, old, new)

