"""
What creating, reading, changing and deleting have in common, alone and in batches.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import attrs

from smmlib.sandbox.linkedin._context import Call, Reply, texts_of
from smmlib.sandbox.linkedin._errors import ApiError, bad_param, bad_schema, not_found
from smmlib.sandbox.linkedin._paging import shown
from smmlib.sandbox.linkedin._patch import Patch, patched
from smmlib.sandbox.linkedin._restli import encoded, parse_key
from smmlib.sandbox.linkedin._schema import Record
from smmlib.sandbox.linkedin._store import Node

Handler = Callable[[Call], Reply]


def _no_drop(_call: Call, _node: Node) -> None:
    raise ApiError(405, "this resource has no DELETE")


@attrs.frozen
class Kind:
    """
    One kind of entity as the generic operations see it.

    Attributes:
        find: The entity of a key, for the account in the path.
        make: Check a record and keep it.
        change: Check what a patch makes of an entity and take it over.
        drop: Delete.
        urn_key: Keys and ids are URNs, not numbers.
    """

    record: Record
    path: str
    find: Callable[[Call, str], Node | None]
    make: Callable[[Call, dict[str, Any]], Node]
    change: Callable[[Call, Node, Patch], None]
    view: Callable[[Call, Node], dict[str, Any]]
    drop: Callable[[Call, Node], None] = _no_drop
    urn_key: bool = False

    def id_of(self, node: Node) -> str:
        """
        The id as clients know it.
        """
        return node.urn if self.urn_key else node.id

    def located(self, call: Call, key: str) -> Node:
        """
        The entity of a key.

        Raises:
            ApiError: 404.
        """
        node = self.find(call, key)
        if node is None:
            raise not_found(f"{self.path} {key}")
        return node

    def read(self, call: Call, key: str) -> Node:
        """
        The entity of a key, for reading.

        Raises:
            ApiError: 404, for too young ones too.
        """
        node = self.located(call, key)
        if not call.visible(node):
            raise not_found(f"{self.path} {key}")
        return node


def last_key(call: Call) -> str:
    """
    The key of the entity in the path.

    Raises:
        ApiError: 400 for a compound key.
    """
    key = call.keys[-1]
    if not isinstance(key, str):
        raise bad_param("key", "the key is not compound here")
    return key


def created(kind: Kind, call: Call, node: Node, status: int = 201) -> Reply:
    """
    The empty answer to a creation: the id stands in the headers.
    """
    key = encoded(kind.id_of(node))
    prefix = "/".join(_path_of(call))
    headers = (
        ("x-restli-id", key),
        ("x-linkedin-id", key),
        ("Location", f"/{prefix}/{key}"),
    )
    return Reply(status, None, headers)


def _path_of(call: Call) -> list[str]:
    names = call.resource.split("/")
    found: list[str] = []
    for place, name in enumerate(names):
        found.append(name)
        if place < len(names) - 1:
            found.append(str(call.keys[place]))
    return found


def create(kind: Kind) -> Handler:
    """
    CREATE.
    """

    def run(call: Call) -> Reply:
        body = kind.record.made(call.body, "", version=call.version)
        return created(kind, call, kind.make(call, body))

    return run


def get(kind: Kind) -> Handler:
    """
    GET.
    """

    def run(call: Call) -> Reply:
        return Reply(200, shown(call, kind.view(call, kind.read(call, last_key(call)))))

    return run


def update(kind: Kind) -> Handler:
    """
    PARTIAL_UPDATE.
    """

    def run(call: Call) -> Reply:
        _changed(kind, call, last_key(call), call.body)
        return Reply(204)

    return run


def _changed(kind: Kind, call: Call, key: str, body: Any) -> None:
    node = kind.located(call, key)
    kind.change(call, node, patched(kind.record, node.data, body, call.version))


def delete(kind: Kind) -> Handler:
    """
    DELETE.
    """

    def run(call: Call) -> Reply:
        kind.drop(call, kind.located(call, last_key(call)))
        return Reply(204)

    return run


def batch_create(kind: Kind) -> Handler:
    """
    BATCH_CREATE: every element for itself, in the order of the request.
    """

    def one(call: Call, element: Any) -> dict[str, Any]:
        record = kind.record.made(element, "", version=call.version)
        reply = created(kind, call, kind.make(call, record))
        found = dict(reply.headers)
        return {
            "status": 201,
            "id": found["x-restli-id"],
            "location": found["Location"],
        }

    def run(call: Call) -> Reply:
        rows = [
            _alone(call, place, partial(one, call, element))
            for place, element in enumerate(elements_of(call))
        ]
        return Reply(200, {"elements": rows})

    return run


def elements_of(call: Call) -> list[Any]:
    """
    The elements of a batch creation.

    Raises:
        ApiError: 422.
    """
    body = call.body
    if not isinstance(body, dict) or set(body) != {"elements"}:
        raise bad_schema("elements", "field is required but not found")
    if not isinstance(body["elements"], list):
        raise bad_schema("elements", "array type is not backed by a DataList")
    return body["elements"]


def _alone(
    call: Call, place: int, act: Callable[[], dict[str, Any]]
) -> dict[str, Any] | None:
    plan = call.planned
    silent = call.fault == "null_item" and plan is not None and plan.item == place + 1
    if silent and plan is not None and plan.after_commit is False:
        return None
    try:
        interrupted(call, place)
        row = act()
    except ApiError as error:
        row = {"status": error.status, "error": error.body()}
    return None if silent else row


def interrupted(call: Call, place: int) -> None:
    """
    Fail every second element when a partial batch is asked for.

    Raises:
        ApiError: 500.
    """
    if call.fault == "partial_batch" and place % 2:
        raise ApiError(500, "Internal Server Error", "INTERNAL_ERROR", "C")


def keys_of(call: Call) -> list[str]:
    """
    The ids of a batch.

    Raises:
        ApiError: 400.
    """
    keys = texts_of("ids", call.params["ids"])
    if len(set(keys)) != len(keys):
        raise bad_param("ids", "an id is given twice")
    return keys


def batch_get(kind: Kind) -> Handler:
    """
    BATCH_GET.
    """

    def run(call: Call) -> Reply:
        found: dict[str, dict[str, Any]] = {"results": {}, "statuses": {}, "errors": {}}
        for key in keys_of(call):
            try:
                view = kind.view(call, kind.read(call, key))
            except ApiError as error:
                found["errors"][encoded(key)] = error.body()
            else:
                found["results"][encoded(key)] = shown(call, view)
        return Reply(200, found)

    return run


def batch_update(kind: Kind) -> Handler:
    """
    BATCH_PARTIAL_UPDATE.
    """

    def run(call: Call) -> Reply:
        patches = _entities(call)
        if set(patches) != set(keys_of(call)):
            raise bad_param("ids", "ids and entities differ")
        return _each(call, lambda key: _changed(kind, call, key, patches[key]))

    return run


def _entities(call: Call) -> dict[str, Any]:
    body = call.body
    entities = body.get("entities") if isinstance(body, dict) else None
    if not isinstance(entities, dict):
        raise bad_schema("entities", "map type is not backed by a DataMap")
    return {str(parse_key(key)): value for key, value in entities.items()}


def batch_delete(kind: Kind) -> Handler:
    """
    BATCH_DELETE.
    """

    def run(call: Call) -> Reply:
        return _each(call, lambda key: kind.drop(call, kind.located(call, key)))

    return run


def _each(call: Call, act: Callable[[str], None]) -> Reply:
    found: dict[str, dict[str, Any]] = {"results": {}, "errors": {}}
    for place, key in enumerate(keys_of(call)):
        try:
            interrupted(call, place)
            act(key)
        except ApiError as error:
            found["errors"][encoded(key)] = error.body()
        else:
            found["results"][encoded(key)] = {"status": 204}
    return Reply(200, found)


def stamps(call: Call, node: Node) -> dict[str, Any]:
    """
    ChangeAuditStamps of a record.
    """
    actor = call.site.identity.person
    return {
        "created": {"actor": actor, "time": int(node.created * 1000)},
        "lastModified": {"actor": actor, "time": int(node.updated * 1000)},
    }


def keep(call: Call, node: Node, data: dict[str, Any]) -> None:
    """
    Take over a changed record, and tell the delivery.
    """
    node.data = data
    node.updated = call.now
    node.tag += 1
    call.site.ledger.note(node, call.now)
