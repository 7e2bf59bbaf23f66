"""Namespaces and methods users were promised (section 9 of the design)."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

from codegen.lint import SpecDocument
from codegen.names import method_name, namespace

from .trees import REPO

AGREED = {
    "amnimo": {
        "auth": "issue_token",
        "tenants": "get_hierarchy",
        "cameras": "list_cameras get_camera list_thumbnails get_recording_history",
        "streams": "start_hls stop_hls update_hls",
        "media": "create_media search_camera_media search_media get_media update_media"
        " delete_media",
        "devices": "list_external_devices get_external_devices get_peripherals operate_port",
    },
    "proglove": {
        "features": "list_features",
        "events": "list_events",
        "gateways": "list_gateways create_gateway prepare_provisioning provision",
        "downloads": "generate_download_url",
        "job_configs": "list_job_configs create_job_config get_job_config delete_job_config"
        " run_job_analysis",
        "users": "get_me list_users create_user get_user delete_user",
        "devices": "list_devices",
        "device_configs": "list_device_configs get_device_config delete_device_config",
    },
    "scailable": {
        "catalogue": "list_catalogues get_catalogue create_catalogue update_catalogue"
        " delete_catalogue",
        "service": "get_configuration get_function_statistics get_openapi get_status",
        "function": "list_functions list_functions_compat get_function create_function"
        " create_linked_function update_function update_linked_settings delete_function"
        " list_options list_sources",
    },
    "viziosense": {
        "login": "login",
        "devices": "list_devices get_device update_device request_image",
        "webhooks": "list_webhooks add_webhook update_webhook",
    },
}
AITRIOS = (
    "provisioning certificate manage_devices device_command deploy train_model firmware edge_app"
    " insight connector utility"
)
UNVERIFIED = {
    "scailable.list_functions_compat",
    "scailable.update_linked_settings",
    "viziosense.update_device",
    "viziosense.request_image",
    "viziosense.list_webhooks",
    "viziosense.add_webhook",
    "viziosense.update_webhook",
}
CLASSES = {"Aitrios": "aitrios", "Amnimo": "amnimo", "ProGlove": "proglove"} | {
    "Scailable": "scailable",
    "VizioSense": "viziosense",
}


def methods(vendor: str, name: str) -> set[str]:
    """Return the public methods of a namespace."""
    module = import_module(f"deviceclouds._generated.{vendor}.resources.{name}")
    (resource,) = (c for n, c in vars(module).items() if n.endswith("Resource"))
    return {n for n, f in vars(resource).items() if inspect.isfunction(f) and n[0] != "_"}


def namespaces(vendor: str) -> set[str]:
    """Return the namespaces of a client."""
    client = import_module(f"deviceclouds._generated.{vendor}.client").Namespaces
    return {name for name in vars(client) if name[0] != "_"} - {"with_raw_response"}


@pytest.mark.parametrize("vendor", sorted(AGREED))
def test_namespaces_and_methods(vendor: str) -> None:
    assert {name: methods(vendor, name) for name in namespaces(vendor)} == {
        name: set(listed.split()) for name, listed in AGREED[vendor].items()
    }


def test_aitrios_has_the_names_of_its_document() -> None:
    assert namespaces("aitrios") == set(AITRIOS.split())
    data = SpecDocument.load(REPO / "specs" / "aitrios" / "openapi.yaml").data
    ids: dict[str, set[str]] = {}
    for item in data["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "operationId" in operation:
                name = method_name(operation["operationId"])
                ids.setdefault(namespace(operation["tags"][0]), set()).add(name)
    assert {name: methods("aitrios", name) for name in namespaces("aitrios")} == ids
    assert "get_devices" in ids["manage_devices"]
    assert "get_inferences" in ids["insight"]
    assert "execute_device_command" in ids["device_command"]
    assert "deploy_by_configuration" in ids["deploy"]


def test_unverified_operations_are_the_agreed_ones() -> None:
    found = set()
    for vendor in CLASSES.values():
        for name in namespaces(vendor):
            table = import_module(f"deviceclouds._generated.{vendor}.operations.{name}")
            for entry in vars(table).values():
                if getattr(getattr(entry, "evidence", None), "status", "") == "unverified":
                    found.add(f"{vendor}.{entry.name.partition('.')[2]}")
    assert found == UNVERIFIED


@pytest.mark.parametrize(("name", "vendor"), CLASSES.items())
def test_clients(name: str, vendor: str) -> None:
    package = import_module(f"deviceclouds.{vendor}")
    data = SpecDocument.load(REPO / "specs" / vendor / "openapi.yaml").data
    assert data["info"]["version"] == package.API_VERSION
    generated = f"deviceclouds._generated.{vendor}"
    sync = import_module(f"{generated}.client").Namespaces
    other = import_module(f"{generated}.client_async").AsyncNamespaces
    assert issubclass(getattr(package, name), sync)
    assert issubclass(getattr(package, f"Async{name}"), other)
