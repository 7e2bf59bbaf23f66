"""Schemas, properties, unions, examples and words: each rule, broken once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SECRET = "        secret:\n          type: string\n"
LABELS = "          additionalProperties: true\n"
DEVICE = "    Device:\n      type: object\n"
KIND = "    Kind:\n      type: string\n"
JOB = "        state:\n          $ref: '#/components/schemas/JobState'\n"
JOB_STATES = "      enum: [running, finished, failed]\n"
TITLE = "          description: Title of the file.\n"
WIDTH = "        width:\n          type: integer\n"
PARENT = "          anyOf:\n            - $ref: '#/components/schemas/Device'\n            - type: 'null'\n"
ITEMS = "          items:\n            $ref: '#/components/schemas/Device'\n"
VARIANTS = "        - $ref: '#/components/schemas/Picture'\n        - $ref: '#/components/schemas/Sound'\n"
UNION = "      oneOf:\n" + VARIANTS
GROUP = "      required: [group]\n"


def named(name: str, description: str = "More.") -> str:
    """Return the lines of one more property."""
    return f"        {name}: #!\n          type: string\n          description: {description}\n"


CASES = [
    # Keywords and types
    ("boolean-schema", SECRET, "        all: true #!\n" + SECRET),
    ("boolean-schema", "            items:\n              $ref: '#/components/schemas/Kind'\n", "            items: true #!\n"),
    ("closed-object + anonymous-schema", LABELS, "          additionalProperties: false #!\n"),
    ("closed-object", DEVICE, DEVICE + "      additionalProperties: false #!\n"),
    ("defs", DEVICE, DEVICE + "      $defs: {} #!\n"),
    ("discriminator", "    Content:\n", "    Content:\n      discriminator: {propertyName: type} #!\n"),
    ("schema-keyword", SECRET, SECRET + "          nullable: true #!\n"),
    ("schema-keyword", SECRET, SECRET + "          readOnly: true #!\n"),
    ("schema-keyword", DEVICE, DEVICE + "      patternProperties: {} #!\n"),
    ("all-of", DEVICE, DEVICE + "      allOf: #!\n        - $ref: '#/components/schemas/Error'\n"),
    ("all-of", "      oneOf:\n" + VARIANTS, "      allOf: #!\n        - $ref: '#/components/schemas/Picture'\n"
     "        - $ref: '#/components/schemas/Sound'\n"),
    ("type-list", SECRET, SECRET.replace("string", "[string, integer] #!")),
    ("array-items + extension-place", "        devices:\n          type: array\n          description: The devices.\n" + ITEMS,
     "        devices: #!\n          description: The devices.\n          type: array\n"),
    ("object-type + anonymous-schema", SECRET, "        more: #!\n          description: M.\n          properties: {}\n" + SECRET),
    ("schema-name", KIND, KIND.replace("Kind:", "kind_of: #!") + "      description: x\n    Kind:\n      type: string\n"),
    ("class-name", KIND, "    KIND:\n      type: string\n      description: The same again.\n    Kind: #!\n      type: string\n"),
    *[("anonymous-schema", SECRET, f"        more: #!\n          description: More.\n{form}" + SECRET) for form in (
        "          type: object\n",
        "          type: object\n          properties: {}\n",
        "          type: string\n          enum: [a]\n",
        "          oneOf:\n" + VARIANTS.replace("        -", "            -"),
    )],
    ("anonymous-schema + extension-place", ITEMS, "          items: #!\n            type: object\n"),
    ("recursive-alias", KIND, "    Tree: #!\n      type: array\n      description: A tree.\n      items:\n"
     "        type: array\n        items:\n          $ref: '#/components/schemas/Tree'\n" + KIND),
    ("recursive-alias", KIND, "    Tree: #!\n      type: object\n      description: A tree.\n"
     "      additionalProperties:\n        $ref: '#/components/schemas/Tree'\n" + KIND),
    # Values
    ("enum-collision", "        - camera\n", "        - camera\n        - CAMERA #!\n"),
    ("enum-collision", "        - camera\n", "        - cam-era\n        - cam_era #!\n        - camera\n"),
    ("enum-collision", "        - gateway\n", "        - gateway\n        - gateway #!\n"),
    ("enum-type", JOB_STATES, "      enum: [running, finished, failed, 1] #!\n"),
    ("enum-type", "    Kind:\n      type: string\n      description: What a device is.\n      enum:\n",
     "    Number:\n      type: number\n      description: N.\n      enum: [0.5, 1.5] #!\n"
     "    Kind:\n      type: string\n      description: What a device is.\n      enum:\n"),
    ("const-type", "    Sound:\n      type: object\n      description: A sound.\n      required: [type]\n      properties:\n",
     "    Sound:\n      type: object\n      description: A sound.\n      required: [type]\n      properties:\n"
     "        loud:\n          description: Always.\n          const: true #!\n"),
    ("reply-default", WIDTH, WIDTH + "          default: 640 #!\n"),
    ("container-default", TITLE, TITLE + "        tags:\n          type: array\n          description: Tags.\n"
     "          items:\n            type: string\n          default: [a] #!\n"),
    ("example-invalid", "            default: 50\n", "            default: many #!\n"),
    # Properties
    *[("reserved-property", SECRET, named(name) + SECRET) for name in ("cls", "d", "self", "src_dict")],
    ("property-collision", SECRET, SECRET.replace("secret", "Secret") + "          description: S.\n" + SECRET.replace(":", ": #!", 1)),
    ("wire-name", SECRET, named("__dict__") + SECRET),
    ("wire-name", SECRET, named("名前") + SECRET),
    ("required-unknown", "      required: [device_id]\n      properties:\n        device_id:\n          type: string\n"
     "          description: Id of the device.\n        secret",
     "      required:\n        - device_id\n        - name #!\n      properties:\n        device_id:\n"
     "          type: string\n          description: Id of the device.\n        secret"),
    # Unions
    ("any-of", "      oneOf:\n" + VARIANTS, "      anyOf: #!\n" + VARIANTS),
    ("any-of + anonymous-schema", SECRET, "        more:\n          description: M.\n          anyOf: #!\n            - type: string\n"
     "              format: date-time\n            - type: string\n" + SECRET),
    ("nullable-form + no-description", "        parent:\n" + PARENT, "        parent: #!\n" + PARENT.replace("anyOf", "oneOf")),
    ("nullable-form", SECRET, "        more: #!\n          description: M.\n          anyOf:\n            - type: string\n"
     "            - type: 'null'\n" + SECRET),
    ("union-siblings + object-type", UNION, "      properties: {}\n      oneOf: #!\n" + VARIANTS),
    ("union-variant", UNION, UNION + "        - type: 'null' #!\n"),
    ("union-variant", UNION, UNION + "        - type: string #!\n"),
    ("union-variant", UNION, UNION + "        - $ref: '#/components/schemas/Kind' #!\n"),
    ("union-variant + union-const + reply-default", UNION,
     UNION + "        - $ref: '#/components/schemas/Restart' #!\n"),
    ("union-const", UNION, "      oneOf: #!\n" + VARIANTS + "        - $ref: '#/components/schemas/Error'\n"),
    ("union-mark", "      oneOf:\n        - $ref: '#/components/schemas/RestartOne'\n",
     "      oneOf: #!\n        - $ref: '#/components/schemas/Error'\n        - $ref: '#/components/schemas/RestartOne'\n"),
    # Examples
    ("no-example", "            image/png:\n              schema:\n                type: string\n                format: binary\n",
     "            text/plain: #!\n              schema:\n                type: string\n"),
    ("no-example", "            application/json:\n              schema:\n                $ref: '#/components/schemas/Job'\n"
     "              example:\n                state: running\n",
     "            application/json: #!\n              schema:\n                $ref: '#/components/schemas/Job'\n"),
    ("no-example", "            application/json:\n              schema:\n                $ref: '#/components/schemas/Content'\n"
     "              examples:\n                picture:\n                  value:\n                    type: picture\n"
     "                    width: 640\n",
     "            application/json: #!\n              schema:\n                $ref: '#/components/schemas/Content'\n"
     "              examples:\n"),
    ("example-invalid", "                state: running\n", "                state: walking #!\n"),
    ("example-invalid", "                  value:\n                    type: sound\n",
     "                  value: #!\n                    type: smell\n"),
    ("example-invalid", "          example: [camera]\n", "          example: [phone] #!\n"),
    ("example-invalid", "'2026-03-01T08:15:00Z'\n", "'2026-03-01 08:15:00' #!\n"),
    ("example-invalid", "          format: date-time\n", "          format: date-time\n          example: '2026-03-01' #!\n"),
    ("example-invalid", SECRET, SECRET + "          examples:\n            - 1 #!\n"),
    # Words
    ("no-description", "        message:\n          type: string\n          description: The same in words.\n",
     "        message: #!\n          type: string\n"),
    ("no-description", "    Job:\n      type: object\n      description: A job.\n", "    Job: #!\n      type: object\n"),
    ("no-description", "        - name: limit\n          in: query\n          description: Devices on a page.\n",
     "        - name: limit #!\n          in: query\n"),
    ("no-description", "    post:\n      tags: [files]\n      operationId: upload_file\n      summary: Send a file\n"
     "      description: Stores a file and says what it is.\n",
     "    post: #!\n      tags: [files]\n      operationId: upload_file\n      summary: Send a file\n"),
    ("no-description", "    NotFound:\n      description: There is no such thing.\n",
     "    NotFound: #!\n      description: ''\n"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new"), CASES)
def test_broken(check: Callable[[str, str, str], None], rule: str, old: str, new: str) -> None:
    check(rule, old, new)
