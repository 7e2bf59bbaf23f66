"""Projects of the Console in the sandbox: trainings, pictures, tags and regions."""

from __future__ import annotations

import base64
import json
from typing import Any

from deviceclouds import runtime as rt
from deviceclouds.aitrios.models import ImageFile, ImageRegionInput
from deviceclouds.testing.sandbox import Sandbox

from .aitrios_fixtures import DEVICE, PROJECT, console, refused, sandbox

__all__ = ["console", "sandbox"]

NAME = "line-a-detector"
FIRST = "7a4f2f5e-9a4b-4b5e-8f3e-2d0c6f1b9e01"
PERSON = "5d1f7f0e-4b1e-4c7e-8d80-0f6f4e9b7a01"
PICTURE = base64.b64encode(b"\xff\xd8\xff\xe0 a picture \xff\xd9").decode()


def region(image_id: str = FIRST, **given: str) -> ImageRegionInput:
    box = {"left": "0.1", "top": "0.2", "width": "0.3", "height": "0.4"}
    return ImageRegionInput(image_id=image_id, **{**box, **given})


def test_projects_come_and_go(console: Any) -> None:
    train = console.train_model
    kits = train.get_training_kits().training_kits
    assert [kit.id for kit in kits] == ["tk-01", "tk-02"]
    assert train.get_training_kits(order_by="desc").training_kits[0].id == "tk-02"
    train.create_base_project(project_name="mine", training_kit="tk-02", comment="New")
    project = train.get_project("mine")
    assert (project.project.training_kit_id, project.model) == ("tk-02", rt.UNSET)
    found = train.get_projects(project_name="MIN", project_type="0", model_platform="1")
    assert [one.model_project_name for one in found.model_projects] == ["mine"]
    create = train.create_base_project
    refused(lambda: create(project_name="mine", training_kit="tk-01"), 400, "E.SC.API.0044004")
    refused(lambda: create(project_name="x", training_kit="y"), 400, "E.SC.API.0044005")
    train.delete_project("mine")
    refused(lambda: train.delete_project("mine"), 404, "E.SC.API.0079003")
    refused(lambda: train.get_projects(project_type="2"), 400, "E.SC.API.0071002")


def test_details_of_the_training_come_on_request(console: Any) -> None:
    get = console.train_model.get_project
    assert get(NAME).project.iteration_name is rt.UNSET
    assert get(NAME, include_training_flg="true").project.iteration_name == "Iteration 1"
    assert get(NAME).model.latest_version.version_comment == "First version"


def test_a_project_for_a_device(console: Any) -> None:
    train = console.train_model
    create = train.create_device_project
    wanted = {"model_id": "people-detector", "device_id": "device_123"}
    create(project_name="for one", **wanted)
    (found,) = train.get_projects(device_id="device_123").model_projects
    assert (found.model_project_name, found.project_type) == ("for one", "1")
    for given, status, code in (
        ({"project_name": "for one"}, 400, "E.SC.API.0046007"),
        ({"project_name": "again"}, 400, "E.SC.API.0046010"),
        ({"project_name": "x", "model_id": "y"}, 404, "E.SC.API.0046008"),
        ({"project_name": "x", "device_id": "y"}, 404, "E.SC.API.0046009"),
        ({"project_name": "x", "version_number": "9"}, 404, "E.SC.API.0046012"),
    ):
        refused(lambda g=given: create(**{**wanted, **g}), status, code)  # type: ignore[misc]


def test_a_training_goes_on_with_the_clock(console: Any, sandbox: Sandbox) -> None:
    train = console.train_model
    assert train.get_relearn_status(NAME).status == "Completed"
    reply = train.relearn(NAME)
    assert reply.iteration_name == "Iteration 2"
    assert train.get_relearn_status(NAME).status == "Training"
    refused(lambda: train.relearn(NAME), 409, "E.SC.API.0074008")
    refused(lambda: train.save_model(NAME), 400, "E.SC.API.0045009")
    refused(lambda: train.delete_project(NAME), 400, "W.SC.API.0079005")
    began = sandbox.clock.now()
    assert console.wait_for_relearn(NAME).status == "Completed"
    assert sandbox.clock.now() - began >= 180
    iterations = train.get_project_iterations(PROJECT).iterations
    assert [(one["name"], one["status"]) for one in iterations] == [
        ("Iteration 1", "Completed"),
        ("Iteration 2", "Completed"),
    ]
    train.save_model(NAME, comment="Trained again")
    version = train.get_base_model_status("person-detector").projects[0].versions[0]
    assert (version.version_number, version.version_status) == ("0102", "01")
    assert version.iteration_id == reply.iteration_id


def test_an_advanced_training_takes_its_hours(console: Any, sandbox: Sandbox) -> None:
    train = console.train_model
    train.relearn(NAME, training_type="Advanced", reserved_budget_in_hours="2")
    sandbox.clock.advance(7199)
    assert train.get_relearn_status(NAME).status == "Training"
    sandbox.clock.advance(1)
    assert train.get_relearn_status(NAME).status == "Completed"
    for given, code in (
        ({"training_type": "Quick"}, "E.SC.API.0074003"),
        ({"reserved_budget_in_hours": "nan"}, "E.SC.API.0074004"),
        ({"reserved_budget_in_hours": "0"}, "E.SC.API.0074004"),
    ):
        refused(lambda g=given: train.relearn(NAME, **g), 400, code)  # type: ignore[misc]


def test_from_pictures_to_a_model(console: Any) -> None:
    train = console.train_model
    train.create_base_project(project_name="mine", training_kit="tk-02")
    refused(lambda: train.relearn("mine"), 400, "E.SC.API.0074010")
    assert train.get_relearn_status("mine").status is rt.UNSET
    refused(lambda: train.save_model("mine", model_id="m"), 400, "E.SC.API.0045009")
    images = [ImageFile(file_name=f"{n}.jpg", contents=PICTURE) for n in range(3)]
    train.import_images_from_files("mine", images=images, tags_name=["scratch"])
    project_id = train.get_project("mine").model_project_id
    (tag,) = train.get_project_tags(project_id).tags
    assert (tag.tag_name, tag.image_count) == ("scratch", 3)
    train.relearn("mine")
    console.wait_for_relearn("mine")
    refused(lambda: train.save_model("mine"), 400, "E.SC.API.0045001")
    refused(lambda: train.save_model("mine", model_id="people-detector"), 400, "E.SC.API.0045008")
    train.save_model("mine", model_id="scratches", initial_version_number=3, vendor_name="Me")
    model = train.get_base_model_status("scratches")
    version = model.projects[0].versions[0]
    assert (model.vendor_name, version.version_number, version.labels) == (
        "Me",
        "0301",
        ["scratch"],
    )
    console.wait_for_publish("scratches", import_id=train.publish_model("scratches").import_id)
    train.delete_project("mine")
    refused(lambda: train.get_project("mine"), 400, "E.SC.API.0054001")
    assert train.get_base_model_status("scratches").projects[0].versions[0].version_status == "07"


def test_pictures_are_walked_added_and_deleted(console: Any) -> None:
    train = console.train_model
    pictures = list(train.get_project_images(PROJECT, number_of_images=25))
    assert len({picture.id for picture in pictures}) == 60
    oldest = train.get_project_images(PROJECT, order_by="oldest", number_of_images=1)
    first = oldest.first_page().items[0]
    assert first.id == FIRST and base64.b64decode(first.image).startswith(b"\xff\xd8\xff")
    assert pictures[-1].id == FIRST
    assert train.get_project_images(PROJECT, number_of_images=0).first_page().items == []
    train.import_images_from_files(NAME, images=[ImageFile(file_name="x", contents=PICTURE)])
    newest = train.get_project_images(PROJECT).first_page().items[0]
    assert newest.image == PICTURE
    found = train.get_project_images_by_id(PROJECT, image_ids=[FIRST, newest.id]).images
    assert [picture.id for picture in found] == [FIRST, newest.id]
    train.delete_project_images(PROJECT, image_ids=[FIRST, newest.id])
    refused(
        lambda: train.delete_project_images(PROJECT, image_ids=[FIRST]), 404, "W.SC.API.0121005"
    )
    refused(
        lambda: train.get_project_images_by_id(PROJECT, image_ids=[FIRST]), 404, "E.SC.API.0120004"
    )
    assert len(list(train.get_project_images(PROJECT))) == 59
    tagged = list(train.get_project_tagged_images(PROJECT))
    untagged = list(train.get_project_untagged_images(PROJECT, number_of_images=4))
    assert (len(tagged), len(untagged)) == (44, 15)


def test_files_that_are_no_pictures_are_left_out(console: Any) -> None:
    train = console.train_model
    bad = ImageFile(file_name="x", contents="bm8gcGljdHVyZQ==")
    good = ImageFile(file_name="y", contents=PICTURE)
    refused(lambda: train.import_images_from_files(NAME, images=[bad]), 400, "E.SC.API.0065004")
    refused(
        lambda: train.import_images_from_files(NAME, images=[bad, good]), 400, "W.SC.API.0065006"
    )
    assert len(list(train.get_project_images(PROJECT))) == 61


def test_pictures_from_a_container(console: Any) -> None:
    train = console.train_model
    link = "https://example.blob.core.windows.net/images?sp=rl&sig=x"
    train.import_images_from_scblob(NAME, container_url=link, tags_name=["new"])
    assert "new" in [tag.tag_name for tag in train.get_project_tags(PROJECT).tags]
    for bad in ("http://host/x?sig=y", "https://host/x", "https://[x?sig=y"):
        refused(
            lambda b=bad: train.import_images_from_scblob(NAME, container_url=b),  # type: ignore[misc]
            400,
            "E.SC.API.0064006",
        )


def test_tags_come_and_go(console: Any) -> None:
    train = console.train_model
    tags = {tag.tag_name: tag for tag in train.get_project_tags(PROJECT).tags}
    assert tags["person"].tag_id == PERSON and tags["person"].image_count == 45
    new = train.create_project_tag(PROJECT, tag_name="bicycle", description="Two wheels")
    assert (new.type, new.image_count) == ("Regular", "0")
    page = train.get_project_tagged_images(PROJECT).first_page()
    blank = json.loads(page.raw.content)["blank_tags"]
    assert new.id in [tag["tag_id"] for tag in blank]
    changed = train.update_project_tag(PROJECT, new.id, name="bike", type="Negative")
    assert (changed.name, changed.description) == ("bike", "Two wheels")
    update = train.update_project_tag
    refused(lambda: update(PROJECT, "x", name="y", type="Regular"), 404, "W.SC.API.0123007")
    refused(lambda: update(PROJECT, new.id, name="y", type="z"), 400, "E.SC.API.0123005")
    train.delete_project_tag(PROJECT, PERSON)
    assert not list(train.get_project_tagged_images(PROJECT))
    refused(lambda: train.delete_project_tag(PROJECT, PERSON), 404, "W.SC.API.0124002")
    refused(lambda: train.get_project_tags("x"), 404, "E.SC.API.0169002")


def test_regions_come_and_go(console: Any) -> None:
    train = console.train_model
    reply = train.create_project_image_regions(
        PROJECT,
        regions=[region(tag_id=PERSON), region(tag_name="dog"), region(tag_name="dog")],
    )
    assert [one.tag_name for one in reply.created] == ["person", "dog"]
    assert [one.tag_name for one in reply.duplicated] == ["dog"]
    (picture,) = train.get_project_images_by_id(PROJECT, image_ids=[FIRST]).images
    assert len(picture.regions) == 3 and [t.tag_name for t in picture.tags] == ["person", "dog"]
    (moved,) = train.update_project_image_regions(
        PROJECT, regions=[region(tag_name="dog", left="0.5")]
    ).updated
    assert (moved.region_id, moved.left) == (reply.created[1].region_id, 0.5)
    train.delete_project_image_regions(PROJECT, moved.region_id)
    (picture,) = train.get_project_images_by_id(PROJECT, image_ids=[FIRST]).images
    assert [t.tag_name for t in picture.tags] == ["person"]
    refused(
        lambda: train.delete_project_image_regions(PROJECT, moved.region_id),
        404,
        "W.SC.API.0127003",
    )
    for given, status, code in (
        (region("x", tag_id=PERSON), 404, "E.SC.API.0126015"),
        (region(tag_id="x"), 400, "E.SC.API.0126018"),
        (region(), 400, "E.SC.API.0126003"),
        (region(tag_id=PERSON, left="1.1"), 400, "E.SC.API.0126008"),
        (region(tag_id=PERSON, height="tall"), 400, "E.SC.API.0126011"),
    ):
        refused(
            lambda g=given: train.create_project_image_regions(PROJECT, regions=[g]),  # type: ignore[misc]
            status,
            code,
        )


def test_a_picture_has_room_for_so_many_regions(console: Any) -> None:
    many = [region(tag_id=PERSON, left=f"0.{n:03d}") for n in range(1, 70)]
    reply = console.train_model.create_project_image_regions(PROJECT, regions=many)
    assert len(reply.created) == 63 and len(reply.exceeded) == 6


def test_proposals_stay_the_same(console: Any) -> None:
    get = console.train_model.get_image_region_proposals
    assert get(PROJECT, FIRST).to_dict() == get(PROJECT, FIRST).to_dict()
    assert get(PROJECT, FIRST).proposals
    refused(lambda: get(PROJECT, "x"), 404, "E.SC.API.0164001")


def test_models_of_projects_belong_to_devices(console: Any) -> None:
    found = console.train_model.get_projects(device_id=DEVICE).model_projects
    assert [one.model_project_name for one in found] == ["line-a-detector-north-door"]
